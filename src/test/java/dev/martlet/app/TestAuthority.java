package dev.martlet.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.martlet.Trust;
import dev.martlet.server.Pem;
import dev.martlet.server.ServerSettings;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate authority of the test's own, and servers with what it has signed; made by the JDK's keytool.
final class TestAuthority {
    private static final String PASSWORD = "changeit";
    private static final List<String> SIGNED = List.of("-signer", "authority", "-signerkeypass", PASSWORD);

    private final Path folder;

    /// @param folder empty; keys and certificates go there
    TestAuthority(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        pair("authority", List.of("-ext", "bc=ca:true"));
        keytool("-exportcert", "-alias", "authority", "-rfc", "-file", pem().toString());
    }

    /// Makes peers trust this authority and nobody else.
    Trust.Authorities trust() throws IOException, GeneralSecurityException {
        return new Trust.Authorities(Pem.authorities(Files.readString(pem())));
    }

    /// A server for `localhost`, signed and valid.
    ServerSocket server() throws IOException, InterruptedException, GeneralSecurityException {
        return server("good", SIGNED);
    }

    /// The same, but its certificate ended days ago.
    ServerSocket expired() throws IOException, InterruptedException, GeneralSecurityException {
        List<String> words = new ArrayList<>(SIGNED);
        words.addAll(List.of("-startdate", "-10d", "-validity", "5"));
        return server("expired", words);
    }

    /// A server for `localhost` that vouches for itself.
    ServerSocket selfSigned() throws IOException, InterruptedException, GeneralSecurityException {
        return server("self-signed", List.of());
    }

    /// A certificate for `localhost` in files, as a server reads them; its key is new each time.
    ServerSettings.Certificate files(String name) throws IOException, InterruptedException, GeneralSecurityException {
        pair(name, SIGNED);
        KeyStore all = load();
        StringBuilder chain = new StringBuilder();
        for (Certificate each : all.getCertificateChain(name)) chain.append(pem("CERTIFICATE", each.getEncoded()));
        byte[] key = all.getKey(name, PASSWORD.toCharArray()).getEncoded();
        return new ServerSettings.Certificate(
                Files.writeString(folder.resolve(name + ".crt"), chain),
                Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key)));
    }

    /// What a client needs to trust this authority.
    SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", load().getCertificate("authority"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private static String pem(String what, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }

    private ServerSocket server(String alias, List<String> words)
            throws IOException, InterruptedException, GeneralSecurityException {
        if (!load().containsAlias(alias)) pair(alias, words);
        KeyStore all = load();
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry(
                alias,
                all.getKey(alias, PASSWORD.toCharArray()),
                PASSWORD.toCharArray(),
                all.getCertificateChain(alias));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(own, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context.getServerSocketFactory()
                .createServerSocket(0, FakeProvider.BACKLOG, InetAddress.getLoopbackAddress());
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore all = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store())) {
            all.load(in, PASSWORD.toCharArray());
        }
        return all;
    }

    private void pair(String alias, List<String> words) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC"));
        all.addAll(List.of("-dname", "CN=" + alias, "-ext", "san=dns:localhost"));
        all.addAll(words);
        keytool(all.toArray(String[]::new));
    }

    private void keytool(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(words));
        command.addAll(List.of("-keystore", store().toString(), "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private Path store() {
        return folder.resolve("keys.p12");
    }

    private Path pem() {
        return folder.resolve("authority.pem");
    }
}
