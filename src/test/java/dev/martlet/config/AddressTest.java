package dev.martlet.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com, true, api.openai.com, 443, ''",
        "http://localhost:9999/, false, localhost, 9999, ''",
        "HTTPS://API.Example/v1//, true, api.example, 443, /v1",
        "https://a.example//x/, true, a.example, 443, //x",
        "https://a.example/gpt-3.5/..x/%2F, true, a.example, 443, /gpt-3.5/..x/%2F",
        "https://a.example/@me:1/v1, true, a.example, 443, /@me:1/v1",
        "http://my_service:80, false, my_service, 80, ''",
        "http://10.0.0.1:1/x, false, 10.0.0.1, 1, /x",
        "http://[::FFFF:10.0.0.1], false, ::ffff:10.0.0.1, 80, ''",
        "http://[2001:db8::1]:65535/v1, false, 2001:db8::1, 65535, /v1",
        "https://bücher.example, true, xn--bcher-kva.example, 443, ''",
        "https://例え.テスト, true, xn--r8jz45g.xn--zckzah, 443, ''",
    })
    void isAService(String url, boolean tls, String host, int port, String path) {
        Address address = Address.SERVICE.read(url).orElseThrow();
        assertEquals(tls, address.tls());
        assertEquals(host, address.host());
        assertEquals(port, address.portOrStandard());
        assertEquals(path, address.basePath());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api.openai.com",
                "//a.example",
                "https:a.example",
                "https:/a.example",
                "https://",
                "https:///v1",
                "ftp://a.example",
                "javascript://a.example",
                "file:///etc/passwd",
                " https://a.example",
                "https://a.example?",
                "https://a.example/?x",
                "https://a.example#",
                "https://a.example/#x",
                "https://u@a.example",
                "https://u:p@a.example",
                "https://@a.example",
                "https://a.example\\@b.example",
                "https://a.example:",
                "https://a.example:0",
                "https://a.example:65536",
                "https://a.example:80x",
                "https://a.example:+80",
                "https://a b",
                "https://a.example/a b",
                "https://a.example/é",
                "https://a.example/%",
                "https://a.example/%zz",
                "https://a.example/a\\b",
                "https://a.example/a\nb",
                "https://a.example/..",
                "https://a.example/./x",
                "https://a.example/x/%2E./y",
                "https://-a.example",
                "https://a..example",
                "https://.a",
                "https://a.example.",
                "https://*.example",
                "https://a%20b",
                "https://127.1",
                "https://2130706433",
                "https://0x7f.1",
                "https://0x7f000001",
                "https://256.0.0.1",
                "https://127.0.0.01",
                "https://[::1",
                "https://::1",
                "https://[::1]x",
                "https://[fe80::1%25eth0]",
                "https://[1.2.3.4]",
                "https://[:::]",
                "https://a.example/\u202e",
                "https://${HOST}"
            })
    void isNoService(String url) {
        assertEquals(Optional.empty(), Address.SERVICE.read(url));
    }

    @ParameterizedTest
    @CsvSource({
        "*, *",
        "https://App.Example, https://app.example",
        "https://app.example:443/, https://app.example",
        "http://app.example:443, http://app.example:443",
        "http://localhost:5173, http://localhost:5173",
        "http://[::1]:80, http://[::1]",
        "tauri://localhost, tauri://localhost",
    })
    void isAnOrigin(String written, String origin) {
        assertEquals(Optional.of(origin), Address.ORIGIN.read(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "app.example", "https://u@a.example", "https://a.example/x", "https://*", "**"})
    void isNoOrigin(String written) {
        assertEquals(Optional.empty(), Address.ORIGIN.read(written));
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy.example:3128, http://proxy.example:3128",
        "http://proxy.example:3128/, http://proxy.example:3128",
        "http://proxy.example, http://proxy.example:80",
        "proxy.example:3128, http://proxy.example:3128",
        "u%40:p@proxy.example:3128, http://u%40:p@proxy.example:3128",
        "http://[::1]:3128, http://[::1]:3128",
    })
    void isAProxy(String written, String uri) {
        assertEquals(Optional.of(uri), Address.PROXY.read(written).map(Object::toString));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "https://proxy.example",
                "socks5://proxy.example",
                "http://proxy.example/x",
                "http://a b@c",
                "x_y"
            })
    void isNoProxy(String written) {
        assertEquals(Optional.empty(), Address.PROXY.read(written));
    }
}
