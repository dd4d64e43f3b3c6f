package dev.tranche.server.store;

import dev.tranche.server.operation.Effect;

/** The numbers that stand for effects in stored results. None is ever given to another effect. */
final class EffectCodes {
    private EffectCodes() {}

    static int of(Effect effect) {
        return switch (effect) {
            case INSERTED -> 1;
            case UPDATED -> 2;
            case UNCHANGED -> 3;
            case DELETED -> 4;
            case READ -> 5;
        };
    }

    static Effect effect(int code) {
        return switch (code) {
            case 1 -> Effect.INSERTED;
            case 2 -> Effect.UPDATED;
            case 3 -> Effect.UNCHANGED;
            case 4 -> Effect.DELETED;
            case 5 -> Effect.READ;
            default -> throw new IllegalStateException("effect " + code + " is stored");
        };
    }
}
