package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.config.Config;
import dev.martlet.config.ConfigInvalid;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

@DisplayName("The READMEs")
class ReadmeTest {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z0-9_]+)}");
    private static final Pattern FILE = Pattern.compile("file:/[\\w/.]+");
    private static final String COMMENT = "(?m)\\s*(^|\\s)#\\s.*$";

    @TempDir Path folder = Path.of("");

    private record Block(String language, String text) {}

    @Test
    @DisplayName("have the same commands and configurations, but for the comments in them")
    void sayTheSame() throws IOException {
        assertEquals(uncommented("README.md"), uncommented("README.zh-CN.md"));
    }

    @Test
    @DisplayName("show configurations that are valid")
    void configurationsAreValid() throws IOException, ConfigInvalid {
        int seen = 0;
        for (Block block : blocks("README.md")) {
            boolean yaml = block.language().equals("yaml") && !block.text().startsWith("# prometheus.yml");
            if (!yaml && !block.language().equals("env")) continue;
            load(yaml ? ".yaml" : ".env", block.text());
            seen++;
        }
        assertTrue(seen >= 7, "only " + seen + " were found");
    }

    private void load(String kind, String text) throws IOException, ConfigInvalid {
        Path secret = Files.writeString(folder.resolve("secret"), "sk-fake-file");
        Path file = folder.resolve("martlet" + kind);
        Files.writeString(file, FILE.matcher(text).replaceAll("file:" + secret));
        Map<String, String> variables = new HashMap<>();
        VARIABLE.matcher(text).results().forEach(found -> variables.put(found.group(1), "sk-fake-" + found.group(1)));
        Optional<Path> there = Optional.of(file);
        boolean yaml = kind.equals(".yaml");
        Config.load(yaml ? there : Optional.empty(), variables, yaml ? Optional.empty() : there);
    }

    private static List<Block> uncommented(String readme) throws IOException {
        return blocks(readme).stream()
                .map(block -> new Block(block.language(), block.text().replaceAll(COMMENT, "")))
                .toList();
    }

    private static List<Block> blocks(String readme) throws IOException {
        return BLOCK.matcher(Files.readString(Path.of(readme)))
                .results()
                .map(found -> new Block(found.group(1), found.group(2)))
                .toList();
    }
}
