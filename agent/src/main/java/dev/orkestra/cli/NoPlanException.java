package dev.orkestra.cli;

/** Why there is no plan, in words for people. */
final class NoPlanException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoPlanException(String reason) {
        super(reason);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
