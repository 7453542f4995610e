package dev.martlet.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Auth;
import dev.martlet.Caller;
import dev.martlet.Cause;
import dev.martlet.Channel;
import dev.martlet.Dialect;
import dev.martlet.Ending;
import dev.martlet.Halt;
import dev.martlet.Refusal;
import dev.martlet.Refused;
import dev.martlet.Signal;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class ChannelPlanTest {
    private static final Signal DOWN = new Signal.Failed(503);
    private static final Signal CUT = new Signal.Broken(Cause.RESET);
    private static final Signal THROTTLED = new Signal.Throttled(Optional.empty(), false);
    private static final Signal REFUSED = new Signal.KeyRefused(401);

    @Test
    @DisplayName("U-38 one pass over the candidates, by priority; as many channels as may fail")
    void channelsByPriority() {
        World world =
                new World(
                        Given.channel("c").keys("k").priority(2),
                        Given.channel("a").keys("k"),
                        Given.channel("d").keys("k").priority(3),
                        Given.channel("b").keys("k").priority(1));
        assertEquals(List.of("a/k", "b/k", "c/k"), world.call(DOWN));
        world.attempts = 4;
        assertEquals(List.of("a/k", "b/k", "c/k", "d/k"), world.call(DOWN));
        world.attempts = 1;
        assertEquals(List.of("a/k"), world.call(DOWN));
    }

    @Test
    void afterA5xxOneOtherKeyThenTheNextChannel() {
        World world =
                new World(Given.channel("a").keys("1", "2", "3"), Given.channel("b").keys("1", "2", "3").priority(1));
        assertEquals(List.of("a/1", "a/2", "b/1", "b/2"), world.call(DOWN));
    }

    @Test
    void whatWasCutIsRepeatedOnce() {
        World world = new World(Given.channel("a").keys("1", "2"), Given.channel("b").keys("k").priority(1), third());
        assertEquals(List.of("a/1", "b/k"), world.call(CUT));
        assertEquals(List.of("a/2", "b/k", "c/k"), world.call(CUT, DOWN));
        Signal html = new Signal.Nonsense(Cause.HTML);
        assertEquals(List.of("a/1", "b/k"), new World(Given.channel("a").keys("1"), second(), third()).call(html));
    }

    @Test
    void aKeysFaultDoesNotCount() {
        World world = new World(Given.channel("a").keys("1", "2", "3", "4", "5"), second(), third());
        world.attempts = 1;
        assertEquals(
                List.of("a/1", "a/2", "a/3", "a/4", "a/5", "b/k"),
                world.call(REFUSED, REFUSED, REFUSED, REFUSED, REFUSED, DOWN));
        assertEquals(List.of("b/k"), world.call(DOWN), "dead keys are left out");
    }

    @Test
    void aCallThatEveryKeyRefusesHasAnEnd() {
        String[] keys = IntStream.range(0, 200).mapToObj(Integer::toString).toArray(String[]::new);
        assertEquals(ChannelPlan.ATTEMPTS_MAX, new World(Given.channel("a").keys(keys)).call(THROTTLED).size());
    }

    @Test
    void noPauseAfterAKeysFault() {
        try (Plan plan = new World(Given.channel("a").keys("1", "2", "3", "4")).plan()) {
            for (int i = 0; i < 3; i++) {
                Lease lease = plan.next().orElseThrow();
                assertEquals(Verdict.NEXT, plan.judge(lease, THROTTLED, Again.FREELY));
                assertEquals(Duration.ZERO, plan.pause());
            }
        }
    }

    @Test
    void whatCannotBeSentAgainSaysSo() {
        try (Plan plan = new World(Given.channel("a").keys("k"), second()).plan()) {
            assertEquals(Verdict.GIVE_UP, plan.judge(plan.next().orElseThrow(), CUT, Again.UNTOUCHED));
            assertEquals(Optional.of(Halt.NOT_REPLAYABLE), plan.halted());
        }
        try (Plan plan = new World(Given.channel("a").keys("k")).plan()) {
            assertEquals(Verdict.GIVE_UP, plan.judge(plan.next().orElseThrow(), CUT, Again.UNTOUCHED));
            assertEquals(Optional.empty(), plan.halted(), "nothing was left");
        }
    }

    @Test
    @DisplayName("a call whose body is gone is asked of nobody else, also where its signal would let it go on")
    void whatIsGoneIsNotSentAgain() {
        for (Signal signal : List.of(THROTTLED, REFUSED, CUT, DOWN)) {
            try (Plan plan = new World(Given.channel("a").keys("1", "2"), second()).plan()) {
                assertEquals(Verdict.GIVE_UP, plan.judge(plan.next().orElseThrow(), signal, Again.NEVER));
                assertEquals(Optional.of(Halt.NOT_REPLAYABLE), plan.halted(), signal::word);
                assertEquals(Optional.empty(), plan.next());
            }
        }
    }

    @Test
    @DisplayName("the last candidate is never shut out, however dead it is; others are while one is left")
    void theLastIsNotShutOut() {
        World world = new World(Given.channel("a").keys("1", "2"));
        world.call(REFUSED);
        assertEquals(List.of("a/1: dead", "a/2: dead"), world.leftOut().stream().sorted().toList());
        List<String> asked = world.call(World.GOOD);
        assertEquals(1, asked.size());
        assertEquals(asked, world.call(World.GOOD), "it is alive again");
    }

    @Test
    @DisplayName("beside a probe that is silent only a few are let in, and only where nothing else is left")
    void besideAProbe() {
        World world = new World(Given.channel("a").keys("1"), second());
        world.failures = 1;
        world.call(DOWN);
        world.pass(Duration.ofSeconds(60));
        List<Lease> probes = IntStream.range(0, 2).mapToObj(_ -> world.plan().next().orElseThrow()).toList();
        assertEquals(List.of("a/1", "b/k"), probes.stream().map(lease -> lease.attempt().name()).toList());
        assertEquals(List.of("a/1: probe under way", "b/k: probe under way"), world.leftOut());
        List<Plan> beside = IntStream.range(0, 5).mapToObj(_ -> world.plan()).toList();
        List<Integer> letIn = beside.stream().map(plan -> plan.next().isPresent() ? 1 : 0).toList();
        assertEquals(List.of(1, 1, 1, 0, 0), letIn);
        assertEquals(Optional.of(Halt.RETRY_BUDGET), beside.getLast().halted());
        beside.getFirst().close();
        assertTrue(world.plan().next().isPresent(), "a place in the budget is free again");
    }

    @Test
    @DisplayName("beside a probe that is answered everybody is let in who has nowhere else to go, and nobody else")
    void besideAProbeThatIsAnswered() {
        World world = new World(Given.channel("a").keys("1"), second());
        world.failures = 1;
        world.call(DOWN);
        world.pass(Duration.ofSeconds(60));
        Lease first = world.plan().next().orElseThrow();
        first.answered();
        assertEquals(List.of("a/1: probe answering"), world.leftOut());
        Lease second = world.plan().next().orElseThrow();
        assertEquals("b/k", second.attempt().name(), "who has another place to go does not go there");
        for (int i = 0; i < 20; i++) {
            assertEquals("a/1", world.plan().next().orElseThrow().attempt().name());
        }
        first.learn(Ending.UPSTREAM_CUT);
        first.close();
        assertEquals(List.of("a/1: breaker open 60s", "b/k: probe under way"), world.leftOut());
    }

    @Test
    void ofAllThatAreShutOutTheSoonestIsAsked() {
        World world = new World(Given.channel("a").keys("1", "2", "3"));
        world.call(REFUSED, throttledFor(200), throttledFor(20));
        for (int i = 0; i < 5; i++) assertEquals(List.of("a/3"), world.call(new Signal.Postponed(408)));
    }

    @Test
    @DisplayName("U-36 all throttled: 429, and the smallest wait that remains")
    void allThrottled() {
        World world = new World(Given.channel("a").keys("1", "2"), second());
        try (Plan plan = world.plan()) {
            for (Optional<Lease> place = plan.next(); place.isPresent(); place = plan.next()) {
                try (Lease lease = place.get()) {
                    Signal signal = throttledFor(lease.attempt().name().equals("a/2") ? 7 : 70);
                    plan.judge(lease, signal, Again.FREELY);
                    lease.learn(signal);
                }
            }
            world.pass(Duration.ofSeconds(2));
            assertTrue(plan.throttled());
            assertEquals(Optional.of(Duration.ofSeconds(5)), plan.reopens());
        }
    }

    @Test
    void oneThatFailedOtherwiseIsNoThrottling() {
        World world = new World(Given.channel("a").keys("1"), second());
        try (Plan plan = world.plan()) {
            try (Lease lease = plan.next().orElseThrow()) {
                assertEquals(Verdict.NEXT, plan.judge(lease, THROTTLED, Again.FREELY));
                lease.learn(THROTTLED);
            }
            try (Lease lease = plan.next().orElseThrow()) {
                assertEquals(Verdict.GIVE_UP, plan.judge(lease, DOWN, Again.FREELY));
            }
            assertFalse(plan.throttled());
            assertFalse(plan.modelUnknown());
            assertEquals(Optional.empty(), plan.reopens(), "the second is not shut out");
        }
    }

    @Test
    void nobodyHasTheModel() {
        World world = new World(Given.channel("a").keys("1", "2"), second());
        try (Plan plan = world.plan()) {
            assertEquals(List.of("a/1", "b/k"), World.call(plan, new Signal.ModelUnknown(404)));
            assertTrue(plan.modelUnknown());
        }
    }

    @Test
    @DisplayName("U-37 a quota that is gone rests its key ten minutes, then twice as long each time, up to a day")
    void quotasRestLongerEachTime() {
        World world = new World(Given.channel("a").keys("1"), second());
        Signal gone = new Signal.Throttled(Optional.empty(), true);
        int[] minutes = {10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440};
        for (int expected : minutes) {
            assertEquals("a/1", world.call(gone).getFirst());
            world.pass(Duration.ofMinutes(expected).minusNanos(1));
            assertEquals("a/1: resting 1s", world.leftOut().getFirst());
            world.pass(Duration.ofNanos(1));
        }
        world.call(World.GOOD);
        world.call(gone);
        assertEquals("a/1: resting 10m", world.leftOut().getFirst(), "a good answer starts anew");
    }

    @Test
    void quotaGoneManyTimesAtOnceIsOnce() {
        World world = new World(Given.channel("a").keys("1"), second());
        Signal gone = new Signal.Throttled(Optional.empty(), true);
        List<Lease> together = IntStream.range(0, 5).mapToObj(_ -> world.plan().next().orElseThrow()).toList();
        for (Lease lease : together) lease.learn(gone);
        assertEquals(List.of("a/1: resting 10m"), world.leftOut());
    }

    @Test
    void aDeadKeyStaysDeadUntilItIsChangedOrReset() {
        World world = new World(Given.channel("a").keys("1", "2"));
        world.call(REFUSED, World.GOOD);
        world.pass(Duration.ofDays(40));
        assertEquals(List.of("a/1: dead"), world.leftOut());
        world.configure(Given.channel("a").keys("1", "2").weight(5));
        assertEquals(List.of("a/1: dead"), world.leftOut(), "it is the same key");
        assertFalse(world.router.reset(world.catalog(), "a", "9"));
        assertTrue(world.router.reset(world.catalog(), "a", "1"));
        assertEquals(List.of(), world.leftOut());
    }

    @ParameterizedTest
    @MethodSource("mended")
    @DisplayName(
            "what was learnt of a channel does not outlive a mistake in its address, or in where its credential stands")
    void whoIsAskedElsewhereIsAskedAnew(Given mended) {
        World world = new World(Given.channel("a").keys("1"), second());
        assertEquals(List.of("a/1", "b/k"), world.call(REFUSED, World.GOOD));
        assertEquals("b/k", world.answerer());
        world.configure(mended, second());
        assertEquals("a/1", world.answerer());
        world.configure(Given.channel("a").keys("1"), second());
        assertEquals("b/k", world.answerer(), "as it was, it is no better");
    }

    private static Stream<Given> mended() {
        return Stream.of(
                Given.channel("a").keys("1").at("elsewhere"), Given.channel("a").keys("1").wants(Auth.API_KEY));
    }

    @Test
    @DisplayName("an answer to an attempt from before it died does not bring a key back to life")
    void aLateAnswerRevivesNobody() {
        World world = new World(Given.channel("a").keys("1"), second());
        Lease early = world.plan().next().orElseThrow();
        world.call(REFUSED, World.GOOD);
        early.learn(World.GOOD);
        assertEquals(List.of("a/1: dead"), world.leftOut());
    }

    @Test
    void aModelThatAKeyMayNotUseIsNoFaultOfItsOthers() {
        World world = new World(Given.channel("a").keys("1", "2"));
        world.call(new Signal.KeyForbidden(403), World.GOOD);
        assertEquals(List.of("a/1: not for this model 10m"), world.leftOut());
        assertEquals(List.of(), World.texts(world.plan("other", World.ANYBODY).leftOut()));
        world.pass(Duration.ofMinutes(10));
        assertEquals(List.of(), world.leftOut());
    }

    @Test
    @DisplayName(
            "O-15 a channel at its limit is passed over; when all are, nothing is sent, and it is worth asking again")
    void busyOnesArePassedOver() {
        World world = new World(Given.channel("a").keys("k").concurrency(1), second().concurrency(1));
        Lease first = world.plan().next().orElseThrow();
        assertEquals("a/k", first.attempt().name());
        assertEquals(List.of("a: busy 1s"), world.leftOut());
        Lease second = world.plan().next().orElseThrow();
        assertEquals("b/k", second.attempt().name());
        try (Plan plan = world.plan()) {
            assertTrue(plan.next().isEmpty());
            assertTrue(plan.throttled());
            assertEquals(Optional.of(Duration.ofSeconds(1)), plan.reopens());
        }
        first.close();
        assertEquals("a/k", world.answerer());
    }

    @Test
    @DisplayName("O-15 a crowded channel comes after all others, but is not lost to them")
    void crowdedOnesComeLast() {
        World world = new World(Given.channel("a").keys("k"), second());
        List<Lease> held = IntStream.range(0, 500).mapToObj(_ -> world.plan().next().orElseThrow()).toList();
        assertEquals(List.of("b/k", "a/k"), world.call(CUT));
        assertEquals(List.of("a: crowded"), world.leftOut());
        held.forEach(Lease::close);
        assertEquals(List.of("a/k", "b/k"), world.call(CUT));
    }

    @Test
    @DisplayName("a model is not swapped for another because many ask for it")
    void crowdedOnesComeBeforeFallbacks() {
        World world = new World();
        world.fallbacks = Map.of("m", List.of("other"));
        world.configure(Given.channel("a").keys("k").models("m"), Given.channel("b").keys("k").models("other"));
        for (int i = 0; i < 700; i++) assertEquals("a/k", world.plan().next().orElseThrow().attempt().name());
    }

    @Test
    void fallbacksFollowWhenEveryChannelHasFailed() {
        World world = new World();
        world.aliases = Map.of("big", "large");
        world.fallbacks = Map.of("large", List.of("small"));
        world.configure(
                Given.channel("s").keys("k").models("small: tiny"), Given.channel("l").keys("k").models("large"));
        try (Plan plan = world.plan("big", World.ANYBODY)) {
            Lease first = plan.next().orElseThrow();
            assertEquals("large", model(first));
            assertEquals(Verdict.NEXT, plan.judge(first, DOWN, Again.FREELY));
            assertEquals("tiny", model(plan.next().orElseThrow()));
        }
    }

    @ParameterizedTest
    @MethodSource("refusalsOfModels")
    @DisplayName("what was said of the model is not held against the key on the way to another model")
    void fallbackInTheSamePlace(Signal signal) {
        World world = new World();
        world.fallbacks = Map.of("m", List.of("small"));
        world.configure(Given.channel("a").keys("k"));
        try (Plan plan = world.plan()) {
            assertEquals(List.of("m", "small"), models(plan, signal, World.GOOD));
        }
        try (Plan plan = world.plan()) {
            assertEquals(List.of("small"), models(plan, World.GOOD), "it is remembered");
        }
    }

    static List<Signal> refusalsOfModels() {
        return List.of(new Signal.ModelUnknown(404), new Signal.KeyForbidden(403));
    }

    @Test
    void whereNoModelIsKnownEachIsAskedForOnce() {
        World world = new World();
        world.fallbacks = Map.of("m", List.of("small", "tiny"));
        world.configure(Given.channel("a").keys("1", "2"));
        try (Plan plan = world.plan()) {
            assertEquals(List.of("m", "small", "tiny"), models(plan, new Signal.ModelUnknown(404)));
            assertTrue(plan.modelUnknown());
        }
    }

    @ParameterizedTest
    @MethodSource("faultsOfKeysAndChannels")
    @DisplayName("what a key or a channel was blamed for is not tried again with another model")
    void neverTwiceWithAnotherModel(Signal signal) {
        World world = new World();
        world.fallbacks = Map.of("m", List.of("small"));
        world.configure(Given.channel("a").keys("k"));
        assertEquals(List.of("a/k"), world.call(signal));
    }

    static List<Signal> faultsOfKeysAndChannels() {
        return List.of(DOWN, CUT, THROTTLED, REFUSED, new Signal.Unreachable(Cause.DNS), new Signal.Postponed(408));
    }

    @Test
    void aModelThatNobodyTakes() {
        World world = new World(Given.channel("a").keys("k").models("gpt-*"));
        assertInstanceOf(Refusal.ModelNotFound.class, refusal(world, "claude", World.ANYBODY));
    }

    @Test
    void whoeverSpeaksAnotherDialectIsLeftOut() {
        World world = new World(Given.channel("a").keys("k").speaks(Dialect.GEMINI), second());
        assertEquals(List.of("b/k"), world.call(DOWN));
        assertEquals(List.of("a: speaks gemini"), world.leftOut());
    }

    @Test
    void ourKeysAreForThoseWhoMay() {
        World world = new World(Given.channel("a").keys("k"));
        assertInstanceOf(Refusal.ClientKeyRequired.class, refusal(world, "m", World.with()));
        assertInstanceOf(Refusal.ClientKeyRequired.class, refusal(world, "m", World.with("sk-fake")));
    }

    @Test
    void noFallbackSpendsOurKeysOnThoseWhoMayNot() {
        World world = new World();
        world.fallbacks = Map.of("m", List.of("other"));
        Given other = Given.channel("b").keys("k").models("other");
        world.configure(Given.channel("a").keys("k").models("m").speaks(Dialect.ANTHROPIC), other);
        assertInstanceOf(Refusal.ClientKeyRequired.class, refusal(world, "m", World.with("sk-fake")));
        assertEquals(List.of("b/k"), world.call(DOWN));
        world.configure(Given.channel("a").fromClient().models("m").speaks(Dialect.ANTHROPIC), other);
        assertInstanceOf(Refusal.ClientKeyRequired.class, refusal(world, "m", World.with("sk-fake")));
    }

    @Test
    void aFallbackStandsInForAModelThatNoChannelTakes() {
        World world = new World();
        world.fallbacks = Map.of("m", List.of("other"));
        world.configure(Given.channel("a").keys("k").models("other"));
        assertEquals("a/k", world.answerer());
        assertInstanceOf(Refusal.ClientKeyRequired.class, refusal(world, "m", World.with()));
        world.configure(Given.channel("a").keys("k").models("another"));
        assertInstanceOf(Refusal.ModelNotFound.class, refusal(world, "m", World.ANYBODY));
    }

    @Test
    void aChannelForCallersKeysNeedsOne() {
        World world = new World(Given.channel("a").fromClient());
        assertInstanceOf(Refusal.ProviderKeyRequired.class, refusal(world, "m", World.ANYBODY));
        assertInstanceOf(Refusal.ProviderKeyRequired.class, refusal(world, "m", World.with()));
    }

    @Test
    @DisplayName("providers also say that a model does not exist where a key may not use it: other callers' keys may")
    void aModelThatOneCallersKeyLacksIsThereForOthers() {
        World world = new World(Given.channel("a").fromClient(), Given.channel("b").fromClient().priority(1));
        Signal unknown = new Signal.ModelUnknown(404);
        List<String> both = List.of("a/caller-1", "b/caller-1");
        assertEquals(both, World.call(world.plan("m", World.with("sk-fake-poor")), unknown, World.GOOD));
        assertEquals(both.subList(1, 2), World.call(world.plan("m", World.with("sk-fake-poor")), World.GOOD));
        assertEquals(both.subList(0, 1), World.call(world.plan("m", World.with("sk-fake-rich")), World.GOOD));
    }

    @Test
    void ownKeysAndCallersKeysDoNotMix() {
        World world = new World(Given.channel("ours").keys("k"), Given.channel("theirs").fromClient());
        Caller both = new Caller(true, World.with("sk-fake-1", "sk-fake-2").keys());
        assertEquals(List.of("theirs/caller-1", "theirs/caller-2"), World.call(world.plan("m", both), DOWN));
        assertEquals(List.of("ours: has keys of its own"), World.texts(world.plan("m", both).leftOut()));
        assertEquals(List.of("ours/k"), world.call(DOWN));
        assertEquals(List.of("theirs: wants the caller's key"), world.leftOut());
    }

    @ParameterizedTest
    @MethodSource("refusalsOfKeys")
    @DisplayName("with the caller's own key 401 and 403 are its answer, when no other of its keys is left")
    void callersAreToldOfTheirKeys(Signal answer) {
        World world = new World(Given.channel("a").fromClient(), Given.channel("b").fromClient().priority(1));
        try (Plan plan = world.plan("m", World.with("sk-fake-1", "sk-fake-2"))) {
            try (Lease lease = plan.next().orElseThrow()) {
                assertEquals(Verdict.NEXT, plan.judge(lease, answer, Again.UNTOUCHED));
                lease.learn(answer);
            }
            try (Lease lease = plan.next().orElseThrow()) {
                assertEquals("a/caller-2", lease.attempt().name());
                assertEquals(Verdict.DELIVER, plan.judge(lease, answer, Again.UNTOUCHED));
            }
        }
    }

    static List<Signal> refusalsOfKeys() {
        return List.of(REFUSED, new Signal.KeyForbidden(403));
    }

    @Test
    void aPlaceThatOthersTookCostsNothing() {
        World world = new World(Given.channel("a").keys("k"), second().concurrency(1), third());
        world.attempts = 2;
        try (Plan plan = world.plan()) {
            assertEquals(Verdict.NEXT, plan.judge(plan.next().orElseThrow(), CUT, Again.FREELY));
            List<Lease> others = new ArrayList<>();
            for (int i = 0; i < 500; i++) others.add(world.plan().next().orElseThrow());
            assertEquals("b/k", others.getLast().attempt().name(), "a is crowded");
            assertEquals("c/k", plan.next().orElseThrow().attempt().name());
        }
    }

    @Test
    void ofAChannelWhoseProbeOthersTookAnotherKeyIsAsked() {
        World world = new World(Given.channel("a").keys("k"), Given.channel("b").keys("1", "2").priority(1));
        world.failures = 1;
        Signal unreachable = new Signal.Unreachable(Cause.REFUSED);
        assertEquals(List.of("a/k", "b/1"), world.call(unreachable));
        assertEquals(List.of("b/2"), world.call(unreachable));
        world.pass(Duration.ofSeconds(60));
        try (Plan plan = world.plan()) {
            assertEquals(Verdict.NEXT, plan.judge(plan.next().orElseThrow(), unreachable, Again.FREELY));
            List<Lease> others = IntStream.range(0, 2).mapToObj(_ -> world.plan().next().orElseThrow()).toList();
            assertEquals("b/1", others.getLast().attempt().name(), "it probes what the plan had found");
            others.getFirst().close();
            assertEquals("b/2", plan.next().orElseThrow().attempt().name());
        }
    }

    @Test
    @DisplayName("a call that has failed once is no probe where there is another way; a first attempt is")
    void whoHasFailedOnceIsNoProbe() {
        World world = new World(Given.channel("a").keys("k"), second(), third());
        world.failures = 1;
        Signal unreachable = new Signal.Unreachable(Cause.REFUSED);
        assertEquals(List.of("a/k", "b/k", "c/k"), world.call(unreachable, unreachable, World.GOOD));
        world.pass(Duration.ofSeconds(60));
        assertEquals(List.of("a/k", "c/k"), world.call(unreachable, World.GOOD));
        assertEquals(List.of("b/k", "c/k"), world.call(unreachable, World.GOOD));
        assertEquals(List.of("c/k"), world.call(World.GOOD));
        world.pass(Duration.ofSeconds(60));
        assertEquals(List.of("a/k", "c/k", "b/k"), world.call(unreachable), "where there is none it is");
    }

    @Test
    void neverARefusalOfOurKey() {
        try (Plan plan = new World(Given.channel("a").keys("k")).plan()) {
            assertEquals(Verdict.GIVE_UP, plan.judge(plan.next().orElseThrow(), REFUSED, Again.FREELY));
        }
    }

    @Test
    @DisplayName("a stream's verdict is given at its ending")
    void aStreamThatBreaksOffIsAFailure() {
        World world = new World(Given.channel("a").keys("k"), second());
        for (int i = 0; i < 3; i++) {
            try (Plan plan = world.plan();
                    Lease lease = plan.next().orElseThrow()) {
                assertEquals(Verdict.DELIVER, plan.judge(lease, World.GOOD, Again.FREELY));
                lease.learn(Ending.UPSTREAM_CUT);
            }
        }
        assertEquals(List.of("a/k: breaker open 60s"), world.leftOut());
    }

    @Test
    @DisplayName("where the budget does not let a call go to a failing channel, it goes to a healthy one")
    void overTheBudgetToAHealthyOne() {
        World world = new World(Given.channel("a").keys("k"), second(), third());
        world.failures = 1000;
        for (int i = 0; i < 20; i++) world.call(new Signal.Unreachable(Cause.REFUSED), CUT, World.GOOD);
        List<Plan> plans = IntStream.range(0, 10).mapToObj(_ -> world.plan()).toList();
        List<String> next = new ArrayList<>();
        for (Plan plan : plans) {
            assertEquals(
                    Verdict.NEXT,
                    plan.judge(plan.next().orElseThrow(), new Signal.Unreachable(Cause.REFUSED), Again.UNTOUCHED));
            next.add(plan.next().orElseThrow().attempt().name());
        }
        assertEquals(3, Collections.frequency(next, "b/k"));
        assertEquals(7, Collections.frequency(next, "c/k"));
    }

    @Test
    void explainsAsItPlans() {
        World world =
                new World(Given.channel("a").keys("1", "2", "3"), second(), Given.channel("g").speaks(Dialect.GEMINI));
        world.call(REFUSED, World.GOOD);
        Router.Explanation explained =
                world.router.explain(world.catalog(), World.asked("m", OptionalLong.empty()), World.ANYBODY);
        assertEquals(List.of("a/2", "a/3", "b/k"), explained.candidates().stream().sorted().toList());
        assertEquals("b/k", explained.candidates().getLast());
        assertEquals(List.of("a/1: dead", "g: speaks gemini"), World.texts(explained.leftOut()));
    }

    /// Which models are asked for, one after the other, when attempts report these signals, the last of them ever after.
    private static List<String> models(Plan plan, Signal... signals) {
        List<String> models = new ArrayList<>();
        for (Optional<Lease> place = plan.next(); place.isPresent(); place = plan.next()) {
            try (Lease lease = place.get()) {
                Signal signal = signals[Math.min(models.size(), signals.length - 1)];
                models.add(model(lease));
                plan.judge(lease, signal, Again.FREELY);
                lease.learn(signal);
            }
        }
        return models;
    }

    private static String model(Lease lease) {
        return lease.attempt() instanceof Attempt.OfChannel(Channel _, _, String model, _) ? model : "";
    }

    private static Signal throttledFor(int seconds) {
        return new Signal.Throttled(Optional.of(Duration.ofSeconds(seconds)), false);
    }

    private static Refusal refusal(World world, String model, Caller caller) {
        return assertThrows(Refused.class, () -> world.plan(model, caller)).why();
    }

    private static Given second() {
        return Given.channel("b").keys("k").priority(1);
    }

    private static Given third() {
        return Given.channel("c").keys("k").priority(2);
    }
}
