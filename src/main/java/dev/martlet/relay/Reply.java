package dev.martlet.relay;

import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.wire.Http1.Framing;

/// The client's end of a call. Methods that write throw [dev.martlet.ClientLeft] when it is gone.
public interface Reply {
    /// Tells when the client leaves.
    Patience patience();

    /// The commit: from here on there is no other answer, and no other attempt.
    void begin(int status, String reason, Fields fields, Framing framing);

    void write(byte[] bytes, int from, int length);

    void flush();

    /// The answer is whole. Without it the connection is closed, so that what was cut cannot look complete.
    void finish();

    /// Says no in the shape of the surface.
    void refuse(Refusal why);
}
