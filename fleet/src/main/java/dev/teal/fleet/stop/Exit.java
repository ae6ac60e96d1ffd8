package dev.teal.fleet.stop;

/** Ends the process; a test that shares it with the fleet puts something else here. */
@FunctionalInterface
public interface Exit {

    void now();
}
