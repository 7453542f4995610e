package dev.martlet.server;

import dev.martlet.ClientLeft;
import dev.martlet.Departure;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.wire.BodyStream;
import dev.martlet.wire.Malformed;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.function.Supplier;

/// A request's body on its way in. What is wrong with it becomes a refusal, and a client that is gone [ClientLeft]: none
/// of it is an I/O failure of whoever reads on.
final class RequestBody extends InputStream {
    private final BodyStream content;
    private final long bytesMax;
    private final Supplier<Departure> departure;
    private final Runnable beforeFirst;
    private final Runnable afterLast;
    private boolean begun;

    /// @param departure   how the client left, once it has
    /// @param beforeFirst runs once, before the first read
    /// @param afterLast   runs when the whole body has been read
    RequestBody(
            BodyStream content,
            long bytesMax,
            Supplier<Departure> departure,
            Runnable beforeFirst,
            Runnable afterLast) {
        this.content = content;
        this.bytesMax = bytesMax;
        this.departure = departure;
        this.beforeFirst = beforeFirst;
        this.afterLast = afterLast;
    }

    @Override
    public int read(byte[] into, int from, int length) {
        if (!begun) {
            begun = true;
            beforeFirst.run();
        }
        try {
            int count = content.read(into, from, length);
            if (content.finished()) afterLast.run();
            return count;
        } catch (Malformed e) {
            throw new Refused(
                    e.status() == 413
                            ? new Refusal.BodyTooLarge(bytesMax)
                            : new Refusal.BodyUnreadable(String.valueOf(e.getMessage())));
        } catch (SocketTimeoutException e) {
            throw new Refused(new Refusal.BodyTooSlow());
        } catch (IOException e) {
            throw new ClientLeft(departure.get());
        }
    }

    /// For those who send it on: what is here already can leave together.
    @Override
    public int available() {
        return content.available();
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }
}
