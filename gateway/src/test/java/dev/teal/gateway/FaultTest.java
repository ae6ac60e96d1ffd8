package dev.teal.gateway;

import static dev.teal.gateway.GatewayFixture.LONG;
import static dev.teal.gateway.GatewayFixture.error;
import static dev.teal.gateway.GatewayFixture.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.teal.gateway.fake.FakeFleet.Wake;
import dev.teal.gateway.fake.FakeWorker;
import dev.teal.gateway.fake.FakeWorker.Act;
import dev.teal.gateway.fake.States;
import dev.teal.protocol.Color;
import dev.teal.protocol.Refusal;
import dev.teal.protocol.cell.EndpointLimits;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Sinks;

class FaultTest {
    private static final GatewayFixture gateway = new GatewayFixture();

    @BeforeAll
    static void start() {
        gateway.controlPlane.publish(States.blueOnly("first", 1, States.LIMITS));
        gateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    private static FakeWorker worker(String endpoint) {
        return gateway.worker(endpoint, Color.BLUE, "1");
    }

    private static void serve(String endpoint, FakeWorker... workers) {
        for (FakeWorker worker : workers) {
            gateway.fleet.add(worker.address());
        }
        gateway.inForce(gateway.controlPlane.publish(States.blueOnly(endpoint, 1, States.LIMITS)));
    }

    private static void onWake(String endpoint, FakeWorker worker) {
        gateway.fleet.onWake(States.environmentId(endpoint, Color.BLUE), _ -> new Wake.Ready(worker.address()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Refusal.class,
            names = {"DRAINING", "WRONG_DIGEST"})
    void givenAWorkerThatRefusesForGoodItIsAskedOnceAndAnotherAnswers(Refusal refusal) {
        String endpoint = "refuse-" + refusal.headerValue();
        FakeWorker refusing = worker(endpoint).script(_ -> new Act.Refuse(refusal));
        FakeWorker good = worker(endpoint);
        serve(endpoint, refusing, good);

        for (int i = 0; i < 20; i++) {
            assertThat(gateway.infer(endpoint, "{}").statusCode()).isEqualTo(200);
        }

        assertThat(refusing.requests()).isLessThanOrEqualTo(1);
        assertThat(good.requests()).isEqualTo(20);
    }

    @Test
    void givenTheOnlyWorkerDrainsAnotherIsWoken() {
        FakeWorker draining = worker("drain").script(_ -> new Act.Refuse(Refusal.DRAINING));
        FakeWorker fresh = worker("drain");
        onWake("drain", fresh);
        serve("drain", draining);

        assertThat(gateway.infer("drain", "{}").statusCode()).isEqualTo(200);
        assertThat(gateway.fleet.wakes("drain-blue")).isEqualTo(1);
    }

    @Test
    void givenAWorkerOfAnotherDigestItsAnswerIsNotPassedOn() {
        FakeWorker wrong = worker("digest").script(_ -> new Act.AnswerAs(States.digest("other")));
        FakeWorker good = worker("digest");
        onWake("digest", good);
        serve("digest", wrong);

        HttpResponse<String> answer = gateway.infer("digest", "{}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(States.digest("1"));
        assertThat(header(answer, "Teal-Digest")).isEqualTo(States.digest("1"));
    }

    @Test
    void givenASaturatedWorkerTheRequestComesBackUntilThereIsRoom() {
        AtomicInteger asked = new AtomicInteger();
        serve(
                "saturated",
                worker("saturated")
                        .script(_ -> asked.incrementAndGet() <= 5
                                ? new Act.Refuse(Refusal.SATURATED)
                                : new Act.Answer(200)));

        assertThat(gateway.infer("saturated", "{}").statusCode()).isEqualTo(200);
        assertThat(asked).hasValue(6);
    }

    @Test
    void givenAWorkerSaysExpiredItIsTheDeadlineOrElseTheRequestsOwnTimeout() {
        serve("expired", worker("expired").script(_ -> new Act.Refuse(Refusal.EXPIRED)));

        HttpResponse<String> timeout = gateway.infer("expired", "{}");
        HttpResponse<String> deadline = gateway.infer("expired", "{}", "Teal-Deadline-Millis", "90");

        assertThat(timeout.statusCode()).isEqualTo(503);
        assertThat(error(timeout)).isEqualTo("Request timeout expired");
        assertThat(deadline.statusCode()).isEqualTo(504);
    }

    @Test
    void givenAWorkerDiesBeforeItAnswersTheRequestIsRepeatedElsewhere() {
        AtomicInteger deaths = new AtomicInteger();
        FakeWorker one = worker("dies");
        FakeWorker two = worker("dies");
        for (FakeWorker worker : List.of(one, two)) {
            worker.script(_ -> deaths.incrementAndGet() <= 2 ? new Act.Die() : new Act.Answer(200));
        }
        serve("dies", one, two);

        assertThat(gateway.infer("dies", "{}").statusCode()).isEqualTo(200);
        assertThat(deaths).hasValue(3);
    }

    @Test
    void givenAWorkerIsKilledUnderLoadAllAreAnsweredByAnother() {
        FakeWorker victim = worker("killed").script(_ -> new Act.Hang());
        FakeWorker other = worker("killed");
        onWake("killed", other);
        serve("killed", victim);

        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 30)
                .mapToObj(n -> gateway.inferAsync("killed", "{\"n\":" + n + "}"))
                .toList();
        await().atMost(LONG).until(() -> victim.requests() == 8);
        victim.kill();

        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.join().statusCode()).isEqualTo(200);
        }
        assertThat(other.requests()).isEqualTo(30);
    }

    @Test
    void givenARequestThatKillsWorkersItIsQuarantinedAndThoseBesideItAreAnswered() {
        FakeWorker[] workers = {worker("poison"), worker("poison"), worker("poison")};
        for (FakeWorker worker : workers) {
            worker.script(body -> body.contains("poison") ? new Act.Die() : new Act.Answer(200));
        }
        serve("poison", workers);

        HttpResponse<String> first = gateway.infer("poison", "{\"poison\":1}");
        int tried = workers[0].requests() + workers[1].requests() + workers[2].requests();
        HttpResponse<String> second = gateway.infer("poison", "{\"poison\":1}");

        assertThat(first.statusCode()).isEqualTo(502);
        assertThat(error(first)).contains("refused for a minute");
        assertThat(tried).as("once, and twice more").isEqualTo(3);
        assertThat(second.statusCode()).isEqualTo(502);
        assertThat(workers[0].requests() + workers[1].requests() + workers[2].requests())
                .as("a quarantined body reaches no worker")
                .isEqualTo(3);
        assertThat(gateway.infer("poison", "{\"good\":1}").statusCode()).isEqualTo(200);
    }

    /** A death takes all that are at the worker with it: the second repeat is made alone, so only the one that kills is convicted. */
    @Test
    void givenInnocentRequestsAtTheWorkersThatAPoisonKillsOnlyThePoisonIsQuarantined() {
        FakeWorker worker = gateway.worker("innocent", Color.BLUE, "1", 4);
        Sinks.Empty<Void> go = Sinks.empty();
        AtomicInteger poisons = new AtomicInteger();
        worker.script(body -> {
            if (body.contains("poison")) {
                poisons.incrementAndGet();
                return new Act.DieWithAll();
            }
            return new Act.AnswerLater(go.asMono());
        });
        serve("innocent", worker);

        List<CompletableFuture<HttpResponse<String>>> innocents = IntStream.range(0, 5)
                .mapToObj(n -> gateway.inferAsync("innocent", "{\"n\":" + n + "}"))
                .toList();
        await().atMost(LONG).until(() -> worker.requests() == 5);
        CompletableFuture<HttpResponse<String>> poison = gateway.inferAsync("innocent", "{\"poison\":true}");
        await().atMost(LONG).until(() -> poisons.get() >= 2);
        go.emitEmpty(Sinks.EmitFailureHandler.FAIL_FAST);

        assertThat(poison.join().statusCode()).isEqualTo(502);
        for (CompletableFuture<HttpResponse<String>> innocent : innocents) {
            assertThat(innocent.join().statusCode()).isEqualTo(200);
        }
        assertThat(poisons).hasValue(3);
    }

    @Test
    void givenAWorkerBreaksOffWithinItsAnswerTheCallerGetsAnErrorAndNoTornAnswer() {
        FakeWorker worker = worker("torn").script(_ -> new Act.Tear());
        serve("torn", worker);

        HttpResponse<String> answer = gateway.infer("torn", "{}");

        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(error(answer)).contains("broke off");
        assertThat(worker.requests()).as("its first byte had come").isEqualTo(1);
    }

    @Test
    void givenAHungWorkerTheDeadlineAnswersAndThePlaceIsFreeAgain() {
        FakeWorker worker = worker("hang").script(body -> body.contains("hang") ? new Act.Hang() : new Act.Answer(200));
        gateway.fleet.add(worker.address());
        gateway.inForce(
                gateway.controlPlane.publish(States.blueOnly("hang", 1, new EndpointLimits(400, 1_000, false))));

        for (int i = 0; i < 20; i++) {
            CompletableFuture<HttpResponse<String>> hung = gateway.inferAsync("hang", "{\"hang\":1}");
            if (i % 5 == 4) {
                HttpResponse<String> answer = hung.join();
                assertThat(answer.statusCode()).isEqualTo(504);
                assertThat(error(answer)).contains("deadline");
            }
        }

        await().atMost(LONG)
                .untilAsserted(() ->
                        assertThat(gateway.infer("hang", "{}").statusCode()).isEqualTo(200));
    }

    @Test
    void givenTheCallerLeavesItsWorkerIsFreed() {
        FakeWorker worker =
                worker("leaver").script(body -> body.contains("hang") ? new Act.Hang() : new Act.Answer(200));
        serve("leaver", worker);
        List<CompletableFuture<HttpResponse<String>>> hung = IntStream.range(0, 8)
                .mapToObj(_ -> gateway.inferAsync("leaver", "{\"hang\":1}"))
                .toList();
        await().atMost(LONG).until(() -> worker.requests() == 8);

        hung.forEach(call -> call.cancel(true));

        assertThat(gateway.infer("leaver", "{}").statusCode()).isEqualTo(200);
        await().atMost(LONG).until(() -> worker.connections() <= 2);
    }

    @Test
    void givenAWorkersOwnErrorItIsPassedOnUntouched() {
        serve("error", worker("error").script(_ -> new Act.Answer(500)));

        HttpResponse<String> answer = gateway.infer("error", "{\"n\":1}");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("{\"from\":\"" + States.digest("1") + "\",\"echo\":{\"n\":1}}");
        assertThat(header(answer, "Teal-Color")).isEqualTo("blue");
    }
}
