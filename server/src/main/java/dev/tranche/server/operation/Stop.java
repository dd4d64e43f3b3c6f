package dev.tranche.server.operation;

/** Ends the application of one operation early. Never leaves {@link Interpreter}. */
final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient Step step;

    private Stop(Step step) {
        super(null, null, false, false);
        this.step = step;
    }

    static Stop failed(ItemError error) {
        return new Stop(new Step.Failed(error));
    }

    static Stop incomplete(Needs needs) {
        return new Stop(new Step.Incomplete(needs));
    }

    /** The same end, with the place in the request that it is about. */
    Stop at(String path) {
        return switch (step) {
            case Step.Failed failed -> failed(failed.error().at(path));
            case Step.Done done -> this;
            case Step.RolledBack rolledBack -> this;
            case Step.Incomplete incomplete -> this;
        };
    }

    Step step() {
        return step;
    }
}
