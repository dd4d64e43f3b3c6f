package dev.tranche.demo;

import dev.tranche.terminal.Screen;
import io.grpc.Channel;
import java.util.List;

/**
 * The main job, step by step: airports in one batch, a workflow that refers to its own results, a
 * year of weather, and retries of what was rejected.
 */
final class Demo {
    private final Session session;

    Demo(Channel channel, Screen screen) {
        this.session = new Session(Tranche.over(channel), screen, new Ledger(), new Figures());
    }

    /**
     * Does it all, in a fresh workspace.
     *
     * @throws dev.tranche.client.TrancheException if a call failed that should not
     */
    Ending run() {
        new Airports(session).run();
        String failedBatchId = new Blog(session).run();
        List<Rejection> rejections = new Weather(session).run();
        new Retries(session, rejections).run();
        return new Ending(conclude(), failedBatchId);
    }

    private boolean conclude() {
        Screen screen = session.screen();
        screen.heading("5  What happened");
        session.ledger().show(screen);
        List<String> wrong = session.figures().wrong();
        screen.say("");
        screen.say(
                "%d figures checked, %d not as expected."
                        .formatted(session.figures().checked(), wrong.size()));
        wrong.forEach(screen::say);
        return wrong.isEmpty();
    }
}
