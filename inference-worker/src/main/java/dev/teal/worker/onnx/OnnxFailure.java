package dev.teal.worker.onnx;

import java.util.regex.Pattern;

/** ONNX Runtime said no; the message is its own, without the paths of this machine or of its source. */
public final class OnnxFailure extends Exception {
    private static final long serialVersionUID = 1;
    private static final Pattern SOURCE = Pattern.compile("\\S*\\.(?:cc|h|cpp):\\d+\\s*");
    private static final Pattern PATH = Pattern.compile("(?<![\\w:])/(?:[^\\s/:'\"]+/)+[^\\s/:'\"]*");

    public OnnxFailure(String message) {
        super(withoutPaths(message));
    }

    static String withoutPaths(String message) {
        String plain = withoutFunction(SOURCE.matcher(message).replaceAll(""));
        return PATH.matcher(plain).replaceAll("the file").strip();
    }

    /** Some messages begin with the C++ function that they come from, return type and parameters included. */
    private static String withoutFunction(String message) {
        int start = message.indexOf(" onnxruntime::");
        int at = message.indexOf('(', start);
        if (start < 0 || at < 0) {
            return message;
        }
        int open = 0;
        do {
            open += message.charAt(at) == '(' ? 1 : message.charAt(at) == ')' ? -1 : 0;
            at++;
        } while (open > 0 && at < message.length());
        return message.substring(0, start) + message.substring(at);
    }
}
