package dev.tranche.server.operation;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over the items of a program: what they came to so far, and what is missing. */
final class Walk {
    private final Program program;
    private final WorkingSet set;
    private final History history;
    private final Spending spending;
    private final Needs needs = new Needs();
    private boolean incomplete;
    private boolean ended;
    private @Nullable String group;

    Walk(Program program, Snapshot snapshot, Spending spending) {
        this.program = program;
        this.set = new WorkingSet(snapshot, program.items().size());
        this.history = new History(program.items());
        this.spending = spending;
    }

    WorkingSet set() {
        return set;
    }

    History history() {
        return history;
    }

    /** Whether no further operation is to be tried. */
    boolean hasEnded() {
        return ended;
    }

    /** Called before an operation is applied. */
    void enter(Item item) {
        if (group != null && !group.equals(item.group())) {
            leaveGroup();
        }
        if (group == null && item.group() != null) {
            group = item.group();
            history.mark();
            set.mark();
            spending.mark();
        }
    }

    /** Takes note of what an operation came to. */
    void add(Item item, Step step) {
        history.add(item, step);
        switch (step) {
            case Step.Done done -> set.apply(done.edits(), item.index());
            case Step.Incomplete missing -> {
                incomplete = true;
                needs.addAll(missing.needs());
            }
            case Step.Failed failed ->
                    ended = !incomplete && program.rules().onError() == OnError.STOP;
            case Step.RolledBack rolledBack ->
                    throw new IllegalArgumentException("only a group is rolled back");
        }
    }

    /** What it all came to. */
    Pass end() {
        if (group != null) {
            leaveGroup();
        }
        if (incomplete) {
            needs.addAll(set.claims());
            return new Pass.Incomplete(needs);
        }
        return new Pass.Complete(outcomes(), set.changes(), set.claims());
    }

    private void leaveGroup() {
        if (history.failedSinceMark()) {
            history.rollBackToMark();
            set.rollBackToMark();
            spending.rollBackToMark();
        } else {
            history.dropMark();
            set.dropMark();
        }
        group = null;
    }

    private List<IndexedOutcome> outcomes() {
        List<IndexedOutcome> outcomes = new ArrayList<>(program.items().size());
        for (int i = 0; i < program.items().size(); i++) {
            outcomes.add(new IndexedOutcome(program.items().get(i).index(), outcome(i)));
        }
        return outcomes;
    }

    private Outcome outcome(int position) {
        if (position >= history.position()) {
            return new Outcome.NotAttempted();
        }
        return switch (history.step(position)) {
            case Step.Done done -> done.result();
            case Step.Failed failed -> new Outcome.Failed(failed.error());
            case Step.RolledBack rolledBack -> new Outcome.RolledBack();
            case Step.Incomplete missing ->
                    throw new IllegalStateException("an incomplete pass has no outcomes");
        };
    }
}
