package dev.orkestra.template;

/** Go's constants: where they end, and whether they are right. What is right is what Go's strconv takes. */
final class Literals {
    private Literals() {}

    /** Where what looks like a number at {@code at} ends; -1 when a letter or digit stands right behind it. */
    static int endOfNumber(String text, int at) {
        int i = skipSign(text, at);
        String digits = "0123456789_";
        if (ActionLexer.at(text, i) == '0') {
            i++;
            int base = lower(ActionLexer.at(text, i));
            if (base == 'x' || base == 'o' || base == 'b') {
                i++;
                digits = base == 'x' ? "0123456789abcdefABCDEF_" : base == 'o' ? "01234567_" : "01_";
            }
        }
        i = skip(text, i, digits);
        if (ActionLexer.at(text, i) == '.') {
            i = skip(text, i + 1, digits);
        }
        int exponent = digits.length() == 11 ? 'e' : digits.length() == 23 ? 'p' : 0;
        if (exponent != 0 && lower(ActionLexer.at(text, i)) == exponent) {
            i = skip(text, skipSign(text, i + 1), "0123456789_");
        }
        if (ActionLexer.at(text, i) == 'i') {
            i++;
        }
        return i < text.length() && ActionLexer.isWordPart(text.codePointAt(i)) ? -1 : i;
    }

    private static int skipSign(String text, int at) {
        int c = ActionLexer.at(text, at);
        return c == '+' || c == '-' ? at + 1 : at;
    }

    private static int skip(String text, int at, String some) {
        int i = at;
        while (i < text.length() && some.indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return i;
    }

    /** Whether {@code number} is a number that Go can hold. */
    static boolean isNumber(String number) {
        boolean isImaginary = number.endsWith("i") && isFloat(number.substring(0, number.length() - 1));
        return isImaginary
                || isInteger(number)
                // What looks like a whole number and is none is too large.
                || (number.chars().anyMatch(c -> ".eEpP".indexOf(c) >= 0) && isFloat(number));
    }

    /** Whether {@code number}, two numbers with a sign between them and {@code i} at the end, is a complex one. */
    static boolean isComplex(String number) {
        int sign = 1;
        while (sign < number.length()) {
            boolean isSign = number.charAt(sign) == '+' || number.charAt(sign) == '-';
            if (isSign && "eEpP".indexOf(number.charAt(sign - 1)) < 0) {
                break;
            }
            sign++;
        }
        return isFloat(number.substring(0, sign)) && isFloat(number.substring(sign, number.length() - 1));
    }

    private static boolean isInteger(String number) {
        int sign = skipSign(number, 0);
        int i = sign;
        int base = 10;
        if (ActionLexer.at(number, i) == '0' && number.length() > i + 1) {
            base = switch (lower(number.charAt(i + 1))) {
                case 'x' -> 16;
                case 'b' -> 2;
                default -> 8;
            };
            i += Character.isLetter(number.charAt(i + 1)) ? 2 : 1;
        }
        if (i == number.length()) {
            return false;
        }
        long largest = sign == 0 ? -1L : number.charAt(0) == '-' ? Long.MIN_VALUE : Long.MAX_VALUE;
        long value = 0;
        for (; i < number.length(); i++) {
            if (number.charAt(i) == '_') {
                continue;
            }
            int digit = Character.digit(number.charAt(i), base);
            if (digit < 0 || Long.compareUnsigned(value, Long.divideUnsigned(largest - digit, base)) > 0) {
                return false;
            }
            value = value * base + digit;
        }
        return underscoresAreRight(number);
    }

    private static boolean isFloat(String number) {
        int i = skipSign(number, 0);
        boolean isHex = ActionLexer.at(number, i) == '0'
                && lower(ActionLexer.at(number, i + 1)) == 'x'
                && number.length() > i + 2;
        i += isHex ? 2 : 0;
        String digits = isHex ? "0123456789abcdefABCDEF_" : "0123456789_";
        int from = i;
        i = skip(number, i, digits);
        boolean hasDigits = hasDigit(number, from, i);
        if (ActionLexer.at(number, i) == '.') {
            int fraction = skip(number, i + 1, digits);
            hasDigits |= hasDigit(number, i + 1, fraction);
            i = fraction;
        }
        if (lower(ActionLexer.at(number, i)) == (isHex ? 'p' : 'e')) {
            int exponent = skipSign(number, i + 1);
            hasDigits &= Character.digit(ActionLexer.at(number, exponent), 10) >= 0;
            i = skip(number, exponent, "0123456789_");
        } else if (isHex) {
            return false;
        }
        return hasDigits
                && i == number.length()
                && underscoresAreRight(number)
                && !Double.isInfinite(Double.parseDouble(number.replace("_", "")));
    }

    private static boolean hasDigit(String number, int from, int to) {
        return !number.substring(from, to).replace("_", "").isEmpty();
    }

    /** An underscore stands between digits, or between the mark of the base and a digit. */
    private static boolean underscoresAreRight(String number) {
        int i = skipSign(number, 0);
        int base = lower(ActionLexer.at(number, i + 1));
        boolean hasBase = ActionLexer.at(number, i) == '0' && (base == 'b' || base == 'o' || base == 'x');
        boolean afterDigit = hasBase;
        i += hasBase ? 2 : 0;
        for (; i < number.length(); i++) {
            boolean isUnderscore = number.charAt(i) == '_';
            boolean isDigit = Character.digit(number.charAt(i), hasBase && base == 'x' ? 16 : 10) >= 0;
            boolean endsDigits = !isDigit && !isUnderscore && i > 0 && number.charAt(i - 1) == '_';
            if (endsDigits || (isUnderscore && !afterDigit)) {
                return false;
            }
            afterDigit = isDigit;
        }
        return !number.endsWith("_");
    }

    private static int lower(int c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }

    /** Where the first wrong escape in a text in double quotes is, from {@code start} to {@code end}; -1 without one. */
    static int badEscape(String text, int start, int end) {
        int i = start + 1;
        while (i < end - 1) {
            int length = text.charAt(i) == '\\' ? escape(text, i, end - 1, '"') : 1;
            if (length == 0) {
                return i;
            }
            i += length;
        }
        return -1;
    }

    /** Whether what stands between single quotes, from {@code start} to {@code end}, is one character. */
    static boolean isCharacter(String text, int start, int end) {
        int last = end - 1;
        if (start + 1 == last) {
            return false;
        }
        int length = text.charAt(start + 1) == '\\'
                ? escape(text, start + 1, last, '\'')
                : Character.charCount(text.codePointAt(start + 1));
        return length > 0 && start + 1 + length == last;
    }

    /** How long the escape at {@code at} is; 0 when it is wrong. */
    private static int escape(String text, int at, int end, char quote) {
        char c = text.charAt(at + 1);
        return switch (c) {
            case 'a', 'b', 'f', 'n', 'r', 't', 'v', '\\' -> 2;
            case '\'', '"' -> c == quote ? 2 : 0;
            case 'x' -> numbered(text, at + 2, end, 2, 16);
            case 'u' -> numbered(text, at + 2, end, 4, 16);
            case 'U' -> numbered(text, at + 2, end, 8, 16);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> numbered(text, at + 1, end, 3, 8);
            default -> 0;
        };
    }

    private static int numbered(String text, int from, int end, int digits, int base) {
        if (from + digits > end) {
            return 0;
        }
        long value = 0;
        for (int i = from; i < from + digits; i++) {
            char c = text.charAt(i);
            int digit = c < 0x7F ? Character.digit(c, base) : -1;
            if (digit < 0) {
                return 0;
            }
            value = value * base + digit;
        }
        boolean isSurrogate = digits > 3 && value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
        boolean isInRange = value <= (digits > 3 ? Character.MAX_CODE_POINT : 0xFF);
        return isInRange && !isSurrogate ? digits + (base == 16 ? 2 : 1) : 0;
    }
}
