package dev.orkestra.template;

import dev.orkestra.template.Template.Parsed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a text: its actions one after the other, and the blocks that they make. Blocks cost no recursion. */
final class TemplateParser {
    private static final String COMMENT = "/*";
    private static final String COMMENT_END = "*/";

    private final String text;
    private final Functions functions;
    private final Findings findings;
    private final Deque<Block> blocks = new ArrayDeque<>();
    /** By the name of a template that the text defines, whether it has any content. */
    private final Map<String, Boolean> defined = new HashMap<>();

    private Scope scope = Scope.main();
    /** Whether an action is broken, so that what it would have declared is not known. */
    private boolean isUnsure;
    /** Whether a broken action may have begun or closed a block, for all that is known. */
    private boolean areBlocksUnsure;

    TemplateParser(String text, Functions functions) {
        this.text = text;
        this.functions = functions;
        this.findings = new Findings(text, functions);
    }

    /** @param first the place of the first action */
    Parsed parse(int first) {
        int at = first;
        while (at >= 0 && !findings.isFull()) {
            int end = isComment(at) ? comment(at) : action(ActionLexer.read(text, at));
            if (end == Action.NOWHERE) {
                return findings.parsed();
            }
            at = text.indexOf(ActionLexer.LEFT, end);
            plain(end, at < 0 ? text.length() : at);
        }
        if (at >= 0) {
            findings.cutShort();
            return findings.parsed();
        }
        for (Block open : blocks) {
            blockTrouble(open.start(), "'" + open.kind().word() + "' has no end", "close it with {{ end }}");
        }
        return findings.parsed();
    }

    /** Trouble with blocks is one more consequence of an action that is too broken to tell what it was. */
    private void blockTrouble(int at, String message, String hint) {
        if (!areBlocksUnsure) {
            findings.syntax(at, message, hint);
        }
    }

    private void plain(int from, int to) {
        if (!blocks.isEmpty() && !text.substring(from, to).isBlank()) {
            blocks.peek().addContent();
        }
    }

    private boolean isComment(int start) {
        return text.startsWith(COMMENT, ActionLexer.contentOf(text, start));
    }

    /** Where the text goes on behind a comment. */
    private int comment(int start) {
        int content = ActionLexer.contentOf(text, start);
        int end = text.indexOf(COMMENT_END, content + COMMENT.length());
        if (end < 0) {
            findings.syntax(content, "the comment does not end", "end it with '*/}}'");
            return Action.NOWHERE;
        }
        int behind = end + COMMENT_END.length();
        int closing = ActionLexer.closing(text, behind);
        if (closing == 0) {
            findings.syntax(behind, "'}}' is missing right behind the comment", "a comment is an action of its own");
            return ActionLexer.read(text, behind - ActionLexer.LEFT.length()).resumeAt();
        }
        return behind + closing;
    }

    /** Where the text goes on behind an action. */
    private int action(Action action) {
        Tokens tokens = new Tokens(text, action);
        Token first = tokens.peekBehindSpace();
        String word = first.type() == TokenType.WORD ? tokens.text(first) : "";
        boolean isRead = new Control(action, tokens, first).read(word);
        isUnsure |= !isRead;
        areBlocksUnsure |= first.type() == TokenType.FAULT && Pipelines.KEYWORDS.contains(lettersAt(first.start()));
        return action.resumeAt();
    }

    private String lettersAt(int start) {
        int end = start;
        while (Character.isLetter(ActionLexer.at(text, end))) {
            end++;
        }
        return text.substring(start, end);
    }

    /** One action. */
    private final class Control {
        private final int actionStart;
        private final Tokens tokens;
        private final Token first;
        private final Pipelines pipelines;

        Control(Action action, Tokens tokens, Token first) {
            this.actionStart = action.start();
            this.tokens = tokens;
            this.first = first;
            this.pipelines = new Pipelines(text, action, tokens, functions, scope, findings, isUnsure);
        }

        /** Whether it could be read to its end. */
        boolean read(String word) {
            if (!word.equals("end") && !word.equals("else") && !blocks.isEmpty()) {
                blocks.peek().addContent();
            }
            return switch (word) {
                case "if" -> open(Block.Kind.IF);
                case "with" -> open(Block.Kind.WITH);
                case "range" -> open(Block.Kind.RANGE);
                case "define" -> define();
                case "block" -> block();
                case "template" -> template();
                case "end" -> end();
                case "else" -> otherwise();
                case "break", "continue" -> functions.contains(word) ? value() : jump(word);
                default -> value();
            };
        }

        private boolean value() {
            Token owner =
                    first.type() == TokenType.RIGHT ? new Token(TokenType.OTHER, actionStart, first.start()) : first;
            return pipelines.pipeline(owner, TokenType.RIGHT, false);
        }

        private boolean open(Block.Kind kind) {
            Token word = tokens.next();
            int mark = scope.mark();
            boolean isRead = pipelines.pipeline(word, TokenType.RIGHT, kind.isLoop());
            push(kind, word, mark, null);
            return isRead;
        }

        private void push(Block.Kind kind, Token word, int mark, @Nullable String name) {
            blocks.push(new Block(kind, word.start(), scope, mark, name));
            if (kind.defines()) {
                scope = Scope.defined();
            } else {
                scope.enter(kind.isLoop(), kind.movesDot());
            }
        }

        private boolean define() {
            Token word = tokens.next();
            int mark = scope.mark();
            if (!blocks.isEmpty()) {
                blockTrouble(word.start(), "'define' in another block", "define templates outside of all blocks");
                push(Block.Kind.DEFINE, word, mark, null);
                return false;
            }
            Optional<String> name = name();
            push(Block.Kind.DEFINE, word, mark, name.orElse(null));
            return name.isPresent() && closes();
        }

        private boolean block() {
            Token word = tokens.next();
            int mark = scope.mark();
            Optional<String> name = name();
            boolean isRead = name.isPresent() && pipelines.pipeline(word, TokenType.RIGHT, false);
            push(Block.Kind.BLOCK, word, mark, name.orElse(null));
            return isRead;
        }

        private boolean template() {
            Token word = tokens.next();
            if (name().isEmpty()) {
                return false;
            }
            return tokens.peekBehindSpace().type() == TokenType.RIGHT
                    || pipelines.pipeline(word, TokenType.RIGHT, false);
        }

        /** The name of a template, which stands in quotes. */
        private Optional<String> name() {
            Token name = tokens.nextBehindSpace();
            if (name.type() == TokenType.STRING) {
                new Terms(text, tokens, functions, findings).checkEscapes(name);
            } else if (name.type() == TokenType.RIGHT) {
                findings.syntax(
                        first.start(), Words.shortened(tokens.text(first)) + " needs a name", "put it in quotes");
                return Optional.empty();
            } else if (name.type() == TokenType.FAULT) {
                pipelines.unexpected(name);
                return Optional.empty();
            } else if (name.type() != TokenType.RAW_STRING) {
                findings.syntax(
                        name.start(),
                        Words.shortened(tokens.text(name)) + " is no name of a template",
                        "a name stands in quotes");
                return Optional.empty();
            }
            return Optional.of(text.substring(name.start() + 1, name.end() - 1));
        }

        /** Whether the action ends here, as it should. */
        private boolean closes() {
            Token token = tokens.peekBehindSpace();
            if (token.type() == TokenType.RIGHT) {
                return true;
            }
            if (token.type() == TokenType.FAULT) {
                return pipelines.unexpected(token);
            }
            String word = tokens.text(first);
            findings.syntax(
                    token.start(),
                    Words.shortened(tokens.text(token)) + " cannot stand behind '" + word + "'",
                    word.equals("else") ? "another condition begins with 'else if'" : "");
            return false;
        }

        private boolean jump(String word) {
            tokens.next();
            if (!scope.isInLoop()) {
                blockTrouble(first.start(), "'" + word + "' outside of 'range'", "");
            }
            return closes();
        }

        private boolean end() {
            tokens.next();
            boolean isRead = closes();
            Block block = blocks.poll();
            if (block == null) {
                blockTrouble(first.start(), "'end' closes nothing", "");
                return isRead;
            }
            if (block.kind().defines()) {
                remember(block);
                scope = block.outer();
            } else if (!block.isInElse()) {
                scope.leave(block.kind().isLoop(), block.kind().movesDot());
            }
            // What the pipeline of a block statement sets stays, as with any other action.
            if (block.kind() != Block.Kind.BLOCK) {
                scope.forget(block.outerMark());
            }
            return isRead;
        }

        private void remember(Block block) {
            String name = block.name();
            if (name != null && Boolean.TRUE.equals(defined.get(name)) && block.hasContent()) {
                findings.syntax(block.start(), "the template " + Words.shortened(name) + " is defined twice", "");
            } else if (name != null && !Boolean.TRUE.equals(defined.get(name))) {
                defined.put(name, block.hasContent());
            }
        }

        private boolean otherwise() {
            tokens.next();
            Block block = blocks.peek();
            Token next = tokens.peekBehindSpace();
            if (block == null || block.kind().defines()) {
                blockTrouble(first.start(), "'else' belongs to nothing", "it stands in if, with or range");
                return false;
            }
            if (block.isInElse()) {
                blockTrouble(
                        first.start(),
                        "a second 'else'",
                        "'" + block.kind().word() + "' has one at most, the last part");
                return false;
            }
            scope.leave(block.kind().isLoop(), block.kind().movesDot());
            scope.forget(block.branchMark());
            String word = next.type() == TokenType.WORD ? tokens.text(next) : "";
            if (block.kind() != Block.Kind.RANGE && word.equals(block.kind().word())) {
                tokens.next();
                boolean isRead = pipelines.pipeline(next, TokenType.RIGHT, false);
                block.branchFrom(scope.mark());
                scope.enter(false, block.kind().movesDot());
                return isRead;
            }
            block.enterElse();
            if (word.equals("if") || word.equals("with")) {
                findings.syntax(
                        next.start(),
                        "'else " + word + "' in '" + block.kind().word() + "'",
                        "write {{ else }}{{ " + word + " … }}, and an {{ end }} more");
                return false;
            }
            return closes();
        }
    }
}
