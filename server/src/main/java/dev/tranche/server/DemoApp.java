package dev.tranche.server;

import dev.tranche.demo.DemoServer;

/** The service, as the demo knows it. */
record DemoApp(App app) implements DemoServer {

    @Override
    public int port() {
        return app.port();
    }

    @Override
    public void awaitEnd() throws ServerFailure, InterruptedException {
        app.awaitEnd();
    }

    @Override
    public void close() {
        app.close();
    }
}
