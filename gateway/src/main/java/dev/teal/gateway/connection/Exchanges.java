package dev.teal.gateway.connection;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/** How far the requests of a connection and their answers have come. */
final class Exchanges {
    private long requests;
    private long begun;
    private long ended;

    void began() {
        requests++;
    }

    void written(Object message) {
        boolean head = message instanceof HttpResponse;
        if (head && ((HttpResponse) message).status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            return;
        }
        if (head) {
            begun++;
        }
        if (message instanceof LastHttpContent) {
            ended++;
        }
    }

    /** Whether an answer is due. */
    boolean open() {
        return ended < requests;
    }

    /** Whether the answer to the latest request has begun. */
    boolean latestBegun() {
        return begun == requests;
    }

    /** Whether the latest request is the only one whose answer has not even begun. */
    boolean onlyOneUnanswered() {
        return begun == requests - 1 && ended == begun;
    }
}
