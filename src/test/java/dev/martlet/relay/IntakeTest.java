package dev.martlet.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.martlet.Body;
import dev.martlet.Call;
import dev.martlet.Fields;
import dev.martlet.Halt;
import dev.martlet.Surface;
import dev.martlet.wire.ByteBudget;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/// What is held, and what it takes of the memory for all.
class IntakeTest {
    private static final int MEBIBYTE = 1 << 20;

    @Test
    void whatIsHeldIsLeasedAndGivenBack() {
        ByteBudget budget = new ByteBudget(10L * MEBIBYTE);
        for (int length : new int[] {0, 1, 2, 4095, 4096, 4097, 70_000, MEBIBYTE}) {
            for (OptionalLong stated : new OptionalLong[] {OptionalLong.of(length), OptionalLong.empty()}) {
                byte[] content = content(length);
                try (Intake intake = intake(content, stated, budget)) {
                    Body.Held held = assertInstanceOf(Body.Held.class, intake.body());
                    assertArrayEquals(content, held.bytes());
                    assertTrue(
                            Math.abs(length - budget.leased()) <= 1,
                            budget.leased() + " of " + length); // the first byte is free
                    assertEquals(Optional.empty(), intake.notHeld());
                }
                assertEquals(0, budget.leased());
            }
        }
    }

    @Test
    void whatTheMemoryDoesNotReachForFlowsOn() throws IOException {
        ByteBudget budget = new ByteBudget(20_000);
        byte[] content = content(100_000);
        for (OptionalLong stated : new OptionalLong[] {OptionalLong.of(content.length), OptionalLong.empty()}) {
            try (Intake intake = intake(content, stated, budget)) {
                assertEquals(Optional.of(Halt.NO_MEMORY_TO_HOLD), intake.notHeld());
                assertFlows(content, stated, intake);
            }
            assertEquals(0, budget.leased());
        }
    }

    @Test
    void whatIsTooLargeFlowsOn() throws IOException {
        byte[] content = content(MEBIBYTE + 2);
        for (OptionalLong stated : new OptionalLong[] {OptionalLong.of(content.length), OptionalLong.empty()}) {
            ByteBudget budget = new ByteBudget(10L * MEBIBYTE);
            try (Intake intake = intake(content, stated, budget)) {
                assertEquals(Optional.of(Halt.REPLAY_TOO_LARGE), intake.notHeld());
                assertFlows(content, stated, intake);
            }
            assertEquals(0, budget.leased());
        }
    }

    private static void assertFlows(byte[] content, OptionalLong stated, Intake intake) throws IOException {
        Body.Flowing flowing = assertInstanceOf(Body.Flowing.class, intake.body());
        assertEquals(stated, flowing.length());
        assertArrayEquals(content, flowing.stream().readAllBytes());
    }

    private static Intake intake(byte[] content, OptionalLong stated, ByteBudget budget) {
        Body body = new Body.Flowing(new ByteArrayInputStream(content), stated);
        Call call = new Call("id", Surface.TRANSPARENT, "POST", "/", Fields.NONE, "192.0.2.1", body, System.nanoTime());
        return Intake.take(body, budget, new Trail(call));
    }

    private static byte[] content(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }
}
