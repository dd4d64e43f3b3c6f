package dev.tranche.server.model;

import dev.tranche.server.model.Expected.Problem;

/** Ends an operation that fails. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    Refused(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    Problem problem() {
        return problem;
    }
}
