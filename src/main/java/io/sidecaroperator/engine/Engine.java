package io.sidecaroperator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The engine's front: everything a door asks. */
public final class Engine {
    public static final Engine CURRENT = new Engine(Rendering.CURRENT);

    private final Rendering rendering;

    public Engine(Rendering rendering) {
        this.rendering = rendering;
    }

    /** A stripped template: {@code template} is the same instance as the input when nothing was there to take. */
    public record Stripped(ObjectNode template, List<Note> notes) {}

    /** What the template should be under these policies. */
    public Injection inject(Facts facts, PolicyBook book) {
        throw new UnsupportedOperationException(facts + " " + book + rendering);
    }

    /**
     * Whether the live template already is what the policies want, so that nothing needs to be written. A receipt of
     * the wanted revision but of another engine number is compared by names only.
     */
    public boolean inSync(Injection injection) {
        throw new UnsupportedOperationException(injection.toString());
    }

    /** The user's own template, by the receipt alone. */
    public static Stripped strip(ObjectNode template) {
        throw new UnsupportedOperationException(template.toString());
    }
}
