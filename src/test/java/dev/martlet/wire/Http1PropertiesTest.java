package dev.martlet.wire;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The seeds of the fuzzer, and what chance makes of them in a few seconds.
@Timeout(120)
class Http1PropertiesTest {
    private static final int MUTANTS_A_SEED = 40;

    @TestFactory
    @DisplayName("the grammar keeps its promises")
    Stream<DynamicTest> keepsItsPromises() {
        List<byte[]> seeds = Http1Properties.seeds();
        return IntStream.range(0, seeds.size())
                .mapToObj(number -> dynamicTest("seed " + number, () -> checkAround(seeds, number)));
    }

    private static void checkAround(List<byte[]> seeds, int number) {
        Http1Properties.fuzzerTestOneInput(seeds.get(number));
        Random random = new Random(number);
        for (int i = 0; i < MUTANTS_A_SEED; i++) {
            byte[] mutant = mutant(seeds.get(number), seeds.get(random.nextInt(seeds.size())), random);
            try {
                Http1Properties.fuzzerTestOneInput(mutant);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutant " + i + " of seed " + number + ": " + Arrays.toString(mutant), e);
            }
        }
    }

    /// The beginning of one and the end of another, with some octets changed.
    private static byte[] mutant(byte[] one, byte[] other, Random random) {
        int from = random.nextInt(other.length);
        int to = random.nextInt(Math.min(one.length, 8 << 10));
        byte[] mutant = Arrays.copyOf(one, to + Math.min(other.length - from, 8 << 10));
        System.arraycopy(other, from, mutant, to, mutant.length - to);
        for (int changes = random.nextInt(4); changes > 0 && mutant.length > 0; changes--) {
            mutant[random.nextInt(mutant.length)] = (byte) "\r\n :;\t,0\0\u00ff".charAt(random.nextInt(10));
        }
        return mutant;
    }
}
