package dev.teal.worker.grpc;

import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** All that a stream brings, in its order. */
final class Collected<T> implements StreamObserver<T> {
    private final List<T> values = new ArrayList<>();
    private final CompletableFuture<List<T>> done = new CompletableFuture<>();

    static <T> StreamObserver<T> one(CompletableFuture<T> answer) {
        Collected<T> collected = new Collected<>();
        collected.done.whenComplete((all, problem) -> {
            if (problem == null) {
                answer.complete(all.getFirst());
            } else {
                answer.completeExceptionally(problem);
            }
        });
        return collected;
    }

    @Override
    public void onNext(T value) {
        values.add(value);
    }

    @Override
    public void onError(Throwable problem) {
        done.completeExceptionally(problem);
    }

    @Override
    public void onCompleted() {
        done.complete(values);
    }

    List<T> all() {
        return done.orTimeout(30, TimeUnit.SECONDS).join();
    }
}
