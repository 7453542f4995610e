package dev.martlet.surface;

import dev.martlet.Fields;
import dev.martlet.Patience;
import dev.martlet.Refusal;
import dev.martlet.relay.Reply;
import dev.martlet.server.Door;
import dev.martlet.server.Incoming;
import dev.martlet.server.Outgoing;
import dev.martlet.wire.Http1.Framing;

/// The relay's end of an answer; refusals look as they do at the door.
final class CallReply implements Reply {
    private final Door door;
    private final Incoming request;
    private final Outgoing answer;

    CallReply(Door door, Incoming request, Outgoing answer) {
        this.door = door;
        this.request = request;
        this.answer = answer;
    }

    @Override
    public Patience patience() {
        return request.patience();
    }

    @Override
    public void begin(int status, String reason, Fields fields, Framing framing) {
        answer.begin(status, reason, fields.and(door.besides(request)), framing);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        answer.write(bytes, from, length);
    }

    @Override
    public void flush() {
        answer.flush();
    }

    @Override
    public void finish() {
        answer.finish();
    }

    @Override
    public void refuse(Refusal why) {
        if (!answer.started()) answer.send(door.no(why, request));
    }
}
