package dev.teal.worker.grpc;

import inference.ModelInferRequest;
import inference.ModelStreamInferResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Takes nothing of a stream until it is told to. */
final class SlowReader implements ClientResponseObserver<ModelInferRequest, ModelStreamInferResponse> {
    private final Queue<String> ids = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile ClientCallStreamObserver<ModelInferRequest> call;

    @Override
    public void beforeStart(ClientCallStreamObserver<ModelInferRequest> started) {
        call = started;
        started.disableAutoRequestWithInitial(0);
    }

    void readAll() {
        call.request(Integer.MAX_VALUE);
        done.orTimeout(30, TimeUnit.SECONDS).join();
    }

    List<String> ids() {
        return List.copyOf(ids);
    }

    @Override
    public void onNext(ModelStreamInferResponse value) {
        ids.add(value.getInferResponse().getId());
    }

    @Override
    public void onError(Throwable problem) {
        done.completeExceptionally(problem);
    }

    @Override
    public void onCompleted() {
        done.complete(null);
    }
}
