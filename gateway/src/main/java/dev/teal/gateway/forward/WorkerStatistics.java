package dev.teal.gateway.forward;

import dev.teal.gateway.activation.LaneKey;
import dev.teal.gateway.activation.Lanes;
import dev.teal.gateway.answer.Answer;
import dev.teal.gateway.answer.Answers;
import dev.teal.gateway.answer.Outcome;
import dev.teal.gateway.forward.SeenStatistics.Version;
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
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

/**
 * What the workers of versions have done, added up: of those that are there, who are asked, and of those that are gone, as they were last seen. A
 * version that sleeps is not woken.
 */
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
    private final SeenStatistics seen = new SeenStatistics();
    private final AtomicInteger collecting = new AtomicInteger();

    public WorkerStatistics(Lanes lanes) {
        this.lanes = lanes;
    }

    /** A version's workers as they are now, those of both environments where both hold it. */
    private record Crew(Version version, String path, List<Worker> workers) {
        Set<String> ids() {
            return workers.stream().map(worker -> worker.address().id()).collect(Collectors.toSet());
        }
    }

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
        Collection<Crew> crews = crews(
                endpoints,
                environment -> version == null || environment.version().equals(version));
        return ask(crews).then(Mono.fromSupplier(() -> listing(crews)));
    }

    /** Sees what the workers of some environments have done by now, and forgets the versions of endpoints that are not in this table any more. */
    Mono<Void> look(Collection<Endpoint> all, Predicate<EnvironmentState> wanted) {
        seen.keep(all.stream()
                .flatMap(endpoint -> endpoint.state().environments().map(environment -> version(endpoint, environment)))
                .collect(Collectors.toSet()));
        return ask(crews(all, wanted));
    }

    private Collection<Crew> crews(Collection<Endpoint> endpoints, Predicate<EnvironmentState> wanted) {
        Map<Version, Crew> crews = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            endpoint.state().environments().filter(wanted).forEach(environment -> {
                LaneKey lane = new LaneKey(endpoint.name(), environment.id(), environment.digest());
                crews.computeIfAbsent(
                                version(endpoint, environment),
                                version -> new Crew(version, endpoint.statisticsPath(), new ArrayList<>()))
                        .workers()
                        .addAll(lanes.lane(lane).workers());
            });
        }
        return crews.values();
    }

    private static Version version(Endpoint endpoint, EnvironmentState environment) {
        return new Version(endpoint.name(), environment.version(), environment.digest());
    }

    /** Ends when all have told, or when it has taken long enough. */
    private Mono<Void> ask(Collection<Crew> crews) {
        List<Mono<Void>> questions = new ArrayList<>();
        for (Crew crew : crews) {
            Set<String> there = crew.ids();
            crew.workers()
                    .forEach(worker -> questions.add(worker.get(
                                    crew.path(), crew.version().digest())
                            .doOnNext(answer -> read(worker, answer)
                                    .forEach(told -> seen.see(
                                            crew.version(), worker.address().id(), told, there)))
                            .then()));
        }
        return Flux.fromIterable(questions)
                .flatMap(question -> question, WORKERS_AT_ONCE)
                .take(LONGEST)
                .then();
    }

    /** One element, or none where it can't be read. */
    private static List<ModelStatistics> read(Worker worker, byte[] answer) {
        try {
            ModelStatistics.Listing listing = READER.readValue(answer);
            return listing.modelStats().stream().limit(1).toList();
        } catch (JacksonException e) {
            log.atWarn()
                    .addKeyValue("worker", worker.address().id())
                    .addKeyValue("reason", e.getOriginalMessage())
                    .log("Worker's statistics cannot be read");
            return List.of();
        }
    }

    private record Name(String endpoint, String version) {}

    private ModelStatistics.Listing listing(Collection<Crew> crews) {
        Map<Name, ModelStatistics> sums = new LinkedHashMap<>();
        for (Crew crew : crews) {
            Version version = crew.version();
            sums.merge(
                    new Name(version.endpoint(), version.version()),
                    seen.sum(version, crew.ids()),
                    ModelStatistics::plus);
        }
        return new ModelStatistics.Listing(List.copyOf(sums.values()));
    }
}
