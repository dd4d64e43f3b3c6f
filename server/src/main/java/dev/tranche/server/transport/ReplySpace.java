package dev.tranche.server.transport;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;

/** What is left of a reply message while it is being filled. */
final class ReplySpace {
    /** For what else is in the message: a page token, above all. */
    private static final int RESERVE_BYTES = 1_024;

    private static final int FIELD = 1;

    private int left;

    /**
     * @param bytesMax of the message, encoded
     */
    ReplySpace(int bytesMax) {
        this.left = bytesMax - RESERVE_BYTES;
    }

    /** Takes the space of one message inside; false, and nothing is taken, if it is too large. */
    boolean take(Message inside) {
        int bytes = CodedOutputStream.computeMessageSize(FIELD, inside);
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        return true;
    }
}
