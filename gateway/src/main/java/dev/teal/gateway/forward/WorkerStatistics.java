package dev.teal.gateway.forward;

import dev.teal.gateway.activation.LaneKey;
import dev.teal.gateway.activation.Lanes;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.Answers;
import dev.teal.gateway.answer.Outcome;
import dev.teal.gateway.route.domain.Endpoint;
import dev.teal.gateway.workers.Worker;
import dev.teal.protocol.Json;
import dev.teal.protocol.cell.EnvironmentState;
import dev.teal.protocol.oip.ModelStatistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/** What the workers of versions have done, added up. Only workers that are there are asked: a version that sleeps has done nothing. */
public final class WorkerStatistics {
    private static final Logger log = LoggerFactory.getLogger(WorkerStatistics.class);
    private static final ObjectReader READER = Json.MAPPER
            .readerFor(ModelStatistics.Listing.class)
            .with(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);
    private static final int WORKERS_AT_ONCE = 16;
    /** Each asks up to so many workers at once, and those have other work. */
    private static final int COLLECTIONS_AT_ONCE = 8;

    private static final Answer.Failure TOO_OFTEN = Answer.Failure.unavailable(
            Outcome.OVERLOADED, "statistics are being collected too often; ask again later", 1);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Lanes lanes;
    private final AtomicInteger collecting = new AtomicInteger();

    public WorkerStatistics(Lanes lanes) {
        this.lanes = lanes;
    }

    private record Version(String endpoint, String version) {}

    private record Question(Version version, Worker worker, String path, String digest) {
        Mono<Reply> ask() {
            return worker.get(path, digest)
                    .flatMapIterable(this::read)
                    .map(told -> new Reply(version, told))
                    .next();
        }

        private List<ModelStatistics> read(byte[] body) {
            try {
                ModelStatistics.Listing listing = READER.readValue(body);
                return listing.modelStats();
            } catch (JacksonException e) {
                log.atWarn()
                        .addKeyValue("worker", worker.address().id())
                        .addKeyValue("reason", e.getOriginalMessage())
                        .log("Worker's statistics cannot be read");
                return List.of();
            }
        }
    }

    private record Reply(Version version, ModelStatistics told) {}

    /** @param version null for all */
    Mono<Void> answer(ServerHttpResponse response, Collection<Endpoint> endpoints, @Nullable String version) {
        return collected(endpoints, version)
                .flatMap(listing -> Answers.json(response, 200, listing))
                .onErrorResume(TooOften.class, _ -> Answers.write(response, TOO_OFTEN));
    }

    /** As many collections as may are under way. */
    public static final class TooOften extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooOften() {
            super(TOO_OFTEN.reason(), null, false, false);
        }
    }

    /** Ends in {@link TooOften} where it can't be asked now. @param version null for all */
    public Mono<ModelStatistics.Listing> collected(Collection<Endpoint> endpoints, @Nullable String version) {
        return Mono.defer(() -> {
            if (collecting.incrementAndGet() > COLLECTIONS_AT_ONCE) {
                collecting.decrementAndGet();
                return Mono.error(new TooOften());
            }
            return collect(endpoints, version).doFinally(_ -> collecting.decrementAndGet());
        });
    }

    private Mono<ModelStatistics.Listing> collect(Collection<Endpoint> endpoints, @Nullable String version) {
        Map<Version, ModelStatistics> sums = new LinkedHashMap<>();
        List<Question> questions = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            endpoint.state()
                    .environments()
                    .filter(environment ->
                            version == null || environment.version().equals(version))
                    .forEach(environment -> {
                        Version key = new Version(endpoint.name(), environment.version());
                        sums.putIfAbsent(key, ModelStatistics.none(key.endpoint(), key.version()));
                        questions.addAll(questions(key, endpoint, environment));
                    });
        }
        return Flux.fromIterable(questions)
                .flatMap(Question::ask, WORKERS_AT_ONCE)
                .take(LONGEST)
                .collectList()
                .map(replies -> {
                    replies.forEach(
                            reply -> sums.computeIfPresent(reply.version(), (_, sum) -> sum.plus(reply.told())));
                    return new ModelStatistics.Listing(List.copyOf(sums.values()));
                });
    }

    private List<Question> questions(Version version, Endpoint endpoint, EnvironmentState environment) {
        LaneKey lane = new LaneKey(endpoint.name(), environment.id(), environment.digest());
        return lanes.lane(lane).workers().stream()
                .map(worker -> new Question(version, worker, endpoint.statisticsPath(), environment.digest()))
                .toList();
    }
}
