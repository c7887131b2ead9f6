package io.sidecaroperator.app;

/** Entry point of the operator process and of the command line. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.out.println("x");
    }
}
