package dev.orkestra.cel;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;

/**
 * An amount as Kubernetes writes it: {@code 100m}, {@code 1.5Gi}, {@code 12e6}.
 *
 * @param amount without its suffix
 */
record Quantity(BigDecimal amount) implements Comparable<Quantity> {
    private static final Map<String, BigDecimal> SUFFIXES = Map.ofEntries(
            Map.entry("", BigDecimal.ONE),
            Map.entry("n", BigDecimal.ONE.scaleByPowerOfTen(-9)),
            Map.entry("u", BigDecimal.ONE.scaleByPowerOfTen(-6)),
            Map.entry("m", BigDecimal.ONE.scaleByPowerOfTen(-3)),
            Map.entry("k", BigDecimal.ONE.scaleByPowerOfTen(3)),
            Map.entry("M", BigDecimal.ONE.scaleByPowerOfTen(6)),
            Map.entry("G", BigDecimal.ONE.scaleByPowerOfTen(9)),
            Map.entry("T", BigDecimal.ONE.scaleByPowerOfTen(12)),
            Map.entry("P", BigDecimal.ONE.scaleByPowerOfTen(15)),
            Map.entry("E", BigDecimal.ONE.scaleByPowerOfTen(18)),
            Map.entry("Ki", binary(10)),
            Map.entry("Mi", binary(20)),
            Map.entry("Gi", binary(30)),
            Map.entry("Ti", binary(40)),
            Map.entry("Pi", binary(50)),
            Map.entry("Ei", binary(60)));

    private static final int LONGEST = 100;
    private static final int LARGEST_EXPONENT = 1_000;

    /** Kubernetes rounds smaller parts up. */
    private static final int SMALLEST_SCALE = 9;

    private static BigDecimal binary(int bits) {
        return new BigDecimal(BigInteger.ONE.shiftLeft(bits));
    }

    /** The quantity that {@code text} writes; empty when it is none. */
    static Optional<Quantity> parse(String text) {
        int digits = text.isEmpty() || "+-".indexOf(text.charAt(0)) < 0 ? 0 : 1;
        int end = digits;
        boolean hasDigit = false;
        boolean hasPoint = false;
        while (end < text.length() && end < LONGEST) {
            char c = text.charAt(end);
            if (c == '.' && !hasPoint) {
                hasPoint = true;
            } else if (c >= '0' && c <= '9') {
                hasDigit = true;
            } else {
                break;
            }
            end++;
        }
        if (!hasDigit || text.length() > LONGEST) {
            return Optional.empty();
        }
        String number = text.substring(0, end);
        String plain = number.endsWith(".") ? number + "0" : number;
        return factor(text.substring(end))
                .map(factor -> new BigDecimal(plain).multiply(factor))
                .map(amount -> new Quantity(
                        amount.scale() > SMALLEST_SCALE ? amount.setScale(SMALLEST_SCALE, RoundingMode.UP) : amount));
    }

    private static Optional<BigDecimal> factor(String suffix) {
        BigDecimal known = SUFFIXES.get(suffix);
        if (known != null) {
            return Optional.of(known);
        }
        if (suffix.length() < 2 || suffix.length() > 6 || "eE".indexOf(suffix.charAt(0)) < 0) {
            return Optional.empty();
        }
        String exponent = suffix.substring(1);
        String digits = "+-".indexOf(exponent.charAt(0)) < 0 ? exponent : exponent.substring(1);
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int power = Integer.parseInt(digits);
        return power > LARGEST_EXPONENT
                ? Optional.empty()
                : Optional.of(BigDecimal.ONE.scaleByPowerOfTen(exponent.charAt(0) == '-' ? -power : power));
    }

    Quantity plus(Quantity other) {
        return new Quantity(amount.add(other.amount));
    }

    Quantity minus(Quantity other) {
        return new Quantity(amount.subtract(other.amount));
    }

    /** Whether it is a whole number that a long holds. */
    boolean isWhole() {
        return amount.stripTrailingZeros().scale() <= 0 && amount.toBigInteger().bitLength() < 64;
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    /** Equal amounts are equal, however they are written. */
    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof Quantity(BigDecimal theirs) && amount.compareTo(theirs) == 0;
    }

    @Override
    public int hashCode() {
        return amount.stripTrailingZeros().hashCode();
    }

    @Override
    public String toString() {
        return amount.stripTrailingZeros().toPlainString();
    }
}
