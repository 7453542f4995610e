package dev.martlet.server;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Certificates and keys as text (RFC 7468), looked at but never printed: the one reader of what the listener needs, whether
/// it is checked or used. Messages of what is thrown are the end of a sentence that begins with the file's name.
public final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE_KEY = "PRIVATE KEY";

    private Pem() {}

    /// The certificates in their order, each signed by the next.
    ///
    /// @throws GeneralSecurityException if there is none, or one is damaged or not signed by the next
    public static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
        List<X509Certificate> chain = authorities(text);
        for (int i = 1; i < chain.size(); i++) checkSigned(chain.get(i - 1), chain.get(i), i);
        return chain;
    }

    /// The certificates, each for itself.
    ///
    /// @throws GeneralSecurityException if there is none, or one is damaged
    public static List<X509Certificate> authorities(String text) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> authorities = new ArrayList<>();
        for (MatchResult block : blocks(text)) {
            if (!block.group(1).equals(CERTIFICATE)) continue;
            authorities.add(certificate(factory, bytes(block)));
        }
        if (authorities.isEmpty()) throw new CertificateException("has no CERTIFICATE in it");
        return List.copyOf(authorities);
    }

    private static X509Certificate certificate(CertificateFactory factory, byte[] encoded) throws CertificateException {
        try {
            return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded));
        } catch (CertificateException _) {
            throw new CertificateException("has a CERTIFICATE that is damaged");
        }
    }

    private static void checkSigned(X509Certificate certificate, X509Certificate signer, int number)
            throws CertificateException {
        try {
            certificate.verify(signer.getPublicKey());
        } catch (GeneralSecurityException _) {
            throw new CertificateException("has a certificate " + number + " that the one behind it did not sign");
        }
    }

    /// The private key of this certificate (PKCS #8, not encrypted).
    ///
    /// @throws GeneralSecurityException if it is not in the text
    public static PrivateKey key(String text, X509Certificate owner) throws GeneralSecurityException {
        PublicKey open = owner.getPublicKey();
        try {
            byte[] encoded = bytes(keyBlock(text));
            PrivateKey key =
                    KeyFactory.getInstance(open.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            if (fit(open, key)) return key;
        } catch (InvalidKeySpecException | SignatureException _) {
            // as below: it is of another kind, or damaged
        }
        throw new InvalidKeyException("is not the key of the certificate");
    }

    private static MatchResult keyBlock(String text) throws InvalidKeyException {
        List<String> others = new ArrayList<>();
        for (MatchResult block : blocks(text)) {
            if (block.group(1).equals(PRIVATE_KEY)) return block;
            if (block.group(1).endsWith(PRIVATE_KEY)) others.add(block.group(1));
        }
        if (others.isEmpty()) throw new InvalidKeyException("has no PRIVATE KEY in it");
        throw new InvalidKeyException("has an " + others.getFirst() + "; openssl pkcs8 -topk8 -nocrypt makes it one");
    }

    private static boolean fit(PublicKey open, PrivateKey key) throws GeneralSecurityException {
        if (open instanceof RSAKey one && key instanceof RSAKey other)
            return one.getModulus().equals(other.getModulus());
        byte[] probe = {1, 2, 3};
        Signature signature = Signature.getInstance(signatureOf(open));
        signature.initSign(key);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(open);
        signature.update(probe);
        return signature.verify(signed);
    }

    private static String signatureOf(PublicKey key) throws NoSuchAlgorithmException {
        return switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "EdDSA" -> "EdDSA";
            default ->
                    throw new NoSuchAlgorithmException("is of a kind that TLS has no use for: " + key.getAlgorithm());
        };
    }

    private static List<MatchResult> blocks(String text) {
        return BLOCK.matcher(text).results().toList();
    }

    private static byte[] bytes(MatchResult block) throws CertificateException {
        try {
            return Base64.getMimeDecoder().decode(block.group(2));
        } catch (IllegalArgumentException _) {
            throw new CertificateException("has a " + block.group(1) + " that is damaged");
        }
    }
}
