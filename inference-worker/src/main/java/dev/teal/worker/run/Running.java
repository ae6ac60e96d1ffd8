package dev.teal.worker.run;

import dev.teal.worker.onnx.RunControl;

/** A run and how many wait for it: it is ended when the last of them has left. */
final class Running {
    private final RunControl control = new RunControl();
    private int waiting;

    Running(int waiting) {
        this.waiting = waiting;
    }

    RunControl control() {
        return control;
    }

    synchronized void left() {
        if (--waiting == 0) {
            control.terminate();
        }
    }
}
