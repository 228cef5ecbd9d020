package dev.orkestra.template;

/** Pieces of a template, made fit to be shown. */
final class Words {
    static final String NO_OPERATORS = "there are no operators; call functions such as eq, lt, and, not or add";

    private static final int LONGEST_SHOWN = 30;

    private Words() {}

    /** A character in quotes, with its number when it cannot be seen. */
    static String character(int c) {
        boolean isVisible = !Character.isISOControl(c)
                && !Character.isWhitespace(c)
                && !Character.isSpaceChar(c)
                && Character.isDefined(c)
                && Character.getType(c) != Character.FORMAT
                && Character.getType(c) != Character.SURROGATE;
        String number = "U+%04X".formatted(c);
        return isVisible ? "'" + Character.toString(c) + "'" + (c < 0x7F ? "" : " (" + number + ")") : number;
    }

    /** How to mend a character that only looks like another one. */
    static String lookAlike(int c) {
        return switch (c) {
            case 0x201C, 0x201D, 0x201E, 0x00AB, 0x00BB -> "put texts between plain double quotes";
            case 0x2018, 0x2019, 0x201A -> "put texts between plain double quotes";
            case 0x00A0, 0x2007, 0x202F, 0x200B, 0xFEFF -> "write a plain space";
            case 0x2013, 0x2014, 0x2212 -> "write a plain '-'";
            default -> "";
        };
    }

    /** How to mend a word with this character right behind it. */
    static String behindWord(int c) {
        return switch (c) {
            case '-' -> "a name with '-' needs index: (index . \"a-name\")";
            case '[' -> "take an element with index: (index .list 0)";
            case '=', '!', '<', '>', '&', '+', '*', '/', '%' -> NO_OPERATORS;
            case '"', '`', '\'', '$' -> "put a space between them";
            default -> lookAlike(c);
        };
    }

    /** How to mend a token that stands where none of its sort may. */
    static String misplaced(TokenType type, String sign) {
        return switch (type) {
            case PIPE -> "'|' hands the value before it to the function behind it";
            case ASSIGN -> "compare with the function eq";
            case DECLARE -> "it stands between a variable such as $x and its value";
            case DOT -> "a name belongs behind it";
            case OTHER ->
                switch (sign) {
                    case "," -> "arguments stand behind each other, without ','";
                    case "[", "]" -> "take an element with index: (index .list 0)";
                    case "\\" -> "quotes in a template are not escaped; put the YAML text in single quotes";
                    case "/" -> "a comment begins right behind '{{': {{/* … */}}";
                    case "!", "<", ">", "&", "*", "%" -> NO_OPERATORS;
                    default -> "";
                };
            default -> "put a space between arguments";
        };
    }

    /** {@code text} in quotes, on one line, and not more of it than fits there. */
    static String shortened(String text) {
        StringBuilder shown = new StringBuilder("'");
        int i = 0;
        while (i < text.length() && shown.length() < LONGEST_SHOWN) {
            int c = text.codePointAt(i);
            shown.append(Character.isISOControl(c) ? " " : Character.toString(c));
            i += Character.charCount(c);
        }
        return shown.append(i < text.length() ? "…'" : "'").toString();
    }

    /** What stands there without a space in it. */
    static String wordAt(String text, int at) {
        int end = at;
        while (end < text.length()
                && end - at <= LONGEST_SHOWN
                && !ActionLexer.isSpace(text.charAt(end))
                && !text.startsWith(ActionLexer.RIGHT, end)) {
            end++;
        }
        return shortened(text.substring(at, end));
    }
}
