package dev.orkestra.template;

import org.jspecify.annotations.Nullable;

/** A block that is open: what its beginning, and the scope then, were. */
final class Block {
    enum Kind {
        IF,
        WITH,
        RANGE,
        DEFINE,
        BLOCK;

        String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        boolean movesDot() {
            return this == WITH || this == RANGE;
        }

        boolean isLoop() {
            return this == RANGE;
        }

        /** Whether it defines a template, with a scope of its own and without an else. */
        boolean defines() {
            return this == DEFINE || this == BLOCK;
        }
    }

    private final Kind kind;
    private final int start;
    private final Scope outer;
    private final int outerMark;
    private final @Nullable String name;
    private int branchMark;
    private boolean isInElse;
    private boolean hasContent;

    /**
     * @param start the place of its word
     * @param outer the scope around it
     * @param outerMark the variables there before its pipeline
     * @param name of what it defines
     */
    Block(Kind kind, int start, Scope outer, int outerMark, @Nullable String name) {
        this.kind = kind;
        this.start = start;
        this.outer = outer;
        this.outerMark = outerMark;
        this.name = name;
        this.branchMark = outer.mark();
    }

    Kind kind() {
        return kind;
    }

    int start() {
        return start;
    }

    Scope outer() {
        return outer;
    }

    int outerMark() {
        return outerMark;
    }

    /** What it defines; null when it defines nothing, or its name cannot be read. */
    @Nullable
    String name() {
        return name;
    }

    /** The variables that its branches see: those of its pipeline, but none of another branch. */
    int branchMark() {
        return branchMark;
    }

    void branchFrom(int mark) {
        branchMark = mark;
    }

    boolean isInElse() {
        return isInElse;
    }

    void enterElse() {
        isInElse = true;
    }

    boolean hasContent() {
        return hasContent;
    }

    void addContent() {
        hasContent = true;
    }
}
