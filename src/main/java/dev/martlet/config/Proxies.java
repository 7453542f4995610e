package dev.martlet.config;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which targets are reached through the proxy of `HTTPS_PROXY`; those that `NO_PROXY` names are not.
final class Proxies {
    private final Optional<Given> proxy;
    private final List<String> exceptions;
    private final Findings findings;

    private Proxies(Optional<Given> proxy, List<String> exceptions, Findings findings) {
        this.proxy = proxy;
        this.exceptions = exceptions;
        this.findings = findings;
    }

    static Proxies of(Variables variables, Findings findings) {
        List<String> exceptions =
                variables.find("NO_PROXY", "no_proxy").stream()
                        .flatMap(given -> Arrays.stream(given.text().split(",", -1)))
                        .map(entry -> entry.strip().toLowerCase(Locale.ROOT))
                        .filter(entry -> !entry.isEmpty())
                        .toList();
        return new Proxies(variables.find("HTTPS_PROXY", "https_proxy"), exceptions, findings);
    }

    /// The proxy for a service or a channel. An unusable one is a problem only for a service that needs it: the
    /// variable may be meant for other programs.
    Optional<URI> toward(String path, Address address) {
        if (!address.tls() || exceptions.stream().anyMatch(entry -> covers(entry, address))) return Optional.empty();
        return proxy.flatMap(given -> {
            Optional<URI> uri = Address.PROXY.read(given.text());
            if (uri.isEmpty()) findings.problem(given, Address.PROXY.allowed());
            findings.value("proxy of " + path, uri.stream().toList());
            findings.came("proxy of " + path, Offer.ofVariables(List.of(given), Address.PROXY).source());
            return uri;
        });
    }

    /// The proxy for a service of the table. An unusable one is a problem where the services are in use.
    Optional<URI> towardBuiltIn(Address address, boolean inUse) {
        if (!address.tls() || exceptions.stream().anyMatch(entry -> covers(entry, address))) return Optional.empty();
        Optional<URI> uri = proxy.flatMap(given -> Address.PROXY.read(given.text()));
        if (inUse && uri.isEmpty()) proxy.ifPresent(given -> findings.problem(given, Address.PROXY.allowed()));
        findings.value("proxy of services", uri.stream().toList());
        return uri;
    }

    /// An entry is `*`, a host or the end of hosts' names, and may have a port.
    private static boolean covers(String entry, Address address) {
        String host = address.host();
        if (entry.equals("*") || entry.equals(host)) return true;
        String port = ":" + address.portOrStandard();
        if (entry.endsWith(port) && covers(entry.substring(0, entry.length() - port.length()), address)) return true;
        if (entry.equals("[" + host + "]")) return true;
        String suffix = entry.replaceFirst("^\\*?\\.?", "");
        return !suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix));
    }
}
