package io.sidecaroperator.core.receipt;

/**
 * One thing that was added, as a receipt lists it.
 *
 * @param key the text that tells it from others of its place; empty where elements have no key
 * @param hash of the rendered value in its normalized form, which is the same before and after the API server stored
 *     it; empty where the key is enough
 */
public record AddedPart(String key, String hash) {}
