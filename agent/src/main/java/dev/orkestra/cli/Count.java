package dev.orkestra.cli;

/** Numbers with their words. */
final class Count {
    private Count() {}

    /** {@code 1 file}, {@code 2 files}, {@code no files}. */
    static String of(long number, String word) {
        return (number == 0 ? "no" : Long.toString(number)) + " " + word + (number == 1 ? "" : "s");
    }
}
