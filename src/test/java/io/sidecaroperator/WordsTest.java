package io.sidecaroperator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names are the field's own: the words that only this project knew do not come back. */
@AnalyzeClasses(packages = "io.sidecaroperator", importOptions = DoNotIncludeTests.class)
class WordsTest {
    /** Names of types and methods that an engineer of Kubernetes would have to ask about. */
    private static final Set<String> RETIRED = words("""
            Occasion PodOfTemplate Facts Situation Consideration Origin InjectionRun Aim Miss Claims Carrier Departure
            Leaving Hold Rendering ServerForm Footprint Standing PolicyStanding WorkloadRecord Ledger RolloutRecord
            Flight Flights Judge Fault PodFaults Gate Berth Waves Gatekeeper Turn Turns Lane Lanes CustomLane
            WorkloadPass PolicyPass Consequences Attempts Fights Controllers Framework KeptRevisions Wish Extent Tally
            Written TextOnly Spelling Surroundings Listening NobodyReadsException Story Chapter Signs Wires
            carried carry held grant lay settle idle look pass door book told heeded meant well shut
            """);

    /** Names of types that are retired; as a method they say something else, such as a field of the API. */
    private static final Set<String> RETIRED_TYPES =
            words("Reconcile Manifest Part Parts Rollout Revisions Exceptions Question Answer Sign");

    @ArchTest
    static final ArchRule retired_words_do_not_come_back = classes()
            .should(new ArchCondition<>("bear no retired word, nor their methods and packages") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    String name = type.getSimpleName().toLowerCase(Locale.ROOT);
                    if (RETIRED.contains(name) || RETIRED_TYPES.contains(name)) {
                        events.add(SimpleConditionEvent.violated(type, "type " + type.getName()));
                    }
                    Stream.of(type.getPackageName().split("\\."))
                            .filter(RETIRED::contains)
                            .forEach(part -> events.add(
                                    SimpleConditionEvent.violated(type, "package " + type.getPackageName())));
                    type.getMethods().stream()
                            .filter(method -> RETIRED.contains(method.getName().toLowerCase(Locale.ROOT)))
                            .map(JavaMember::getFullName)
                            .forEach(method -> events.add(SimpleConditionEvent.violated(type, "method " + method)));
                }
            })
            .because("an engineer of the field would have to ask what they mean; docs/architecture.md has our words");

    @ArchTest
    static final ArchRule a_word_of_the_core_means_one_thing = classes()
            .that(new DescribedPredicate<>("live in the core") {
                @Override
                public boolean test(JavaClass type) {
                    return type.getPackageName().startsWith("io.sidecaroperator.core");
                }
            })
            .should(new ArchCondition<>("not share a simple name") {
                private final Map<String, List<String>> byName = new HashMap<>();

                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    if (!type.isAnonymousClass() && !type.getSimpleName().equals("package-info")) {
                        byName.computeIfAbsent(type.getSimpleName(), name -> new ArrayList<>())
                                .add(type.getName());
                    }
                }

                @Override
                public void finish(ConditionEvents events) {
                    byName.values().stream()
                            .filter(types -> types.size() > 1)
                            .forEach(types -> events.add(SimpleConditionEvent.violated(types, types.toString())));
                }
            })
            .because("one word for one thing");

    private static Set<String> words(String text) {
        return Stream.of(text.strip().split("\\s+"))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }
}
