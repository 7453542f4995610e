package dev.martlet.admission;

import dev.martlet.Caller;
import dev.martlet.Catalog;
import dev.martlet.Channel;
import dev.martlet.ChannelCall;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.ServiceCall;

/// Lets a call in, or refuses it.
///
/// As long as there are no client keys, the channels' own keys are there for callers on this machine, and for others only
/// when the operator has said so: else whoever finds the port spends the operator's money.
public final class Gate {
    private Gate() {}

    /// Who calls.
    ///
    /// @throws Refused if there is no channel at all that this caller could use, whatever it asks for
    public static Caller enter(Catalog catalog, ChannelCall call) {
        boolean mayUseOwnKeys = call.local() || catalog.keysForAll();
        if (!mayUseOwnKeys && !mayUseAny(catalog, call)) {
            boolean lacksKey = catalog.channels().list().stream().anyMatch(Channel::takesCallersKeys);
            throw new Refused(lacksKey ? new Refusal.ProviderKeyRequired() : new Refusal.ClientKeyRequired());
        }
        return new Caller(mayUseOwnKeys, call.keys());
    }

    /// Whether the services are there for a caller: beyond this machine only when the operator has spoken of them, or
    /// whoever finds the port would have a way to everywhere.
    ///
    /// @throws Refused if not
    public static void enter(Catalog catalog, ServiceCall call) {
        if (!call.local() && !catalog.services().forAll()) throw new Refused(new Refusal.ServicesClosed());
    }

    private static boolean mayUseAny(Catalog catalog, ChannelCall call) {
        return !call.keys().isEmpty() && catalog.channels().list().stream().anyMatch(Channel::takesCallersKeys);
    }
}
