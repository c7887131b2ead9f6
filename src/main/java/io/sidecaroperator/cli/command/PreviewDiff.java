package io.sidecaroperator.cli.command;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import io.sidecaroperator.core.explain.PolicyChange;
import io.sidecaroperator.core.explain.WorkloadPreview;
import io.sidecaroperator.yaml.YamlWriter;
import java.util.List;

/** Writes each changed template as a unified diff of YAML, after a line that names the policies of the change. */
final class PreviewDiff {
    private static final int CONTEXT = 3;

    private PreviewDiff() {}

    static String of(PreviewResult result, Style style) {
        StringBuilder text = new StringBuilder();
        for (WorkloadPreview workload : result.changed()) {
            for (PolicyChange change : workload.changes()) {
                text.append("# ")
                        .append(PreviewSummary.sentence(workload, change))
                        .append('\n');
            }
            lines(workload).forEach(line -> text.append(style.diff(line)).append('\n'));
            text.append('\n');
        }
        return text.toString();
    }

    /** Returns the lines of a workload's diff. */
    static List<String> lines(WorkloadPreview workload) {
        List<String> before = YamlWriter.write(workload.before()).lines().toList();
        List<String> after = YamlWriter.write(workload.after()).lines().toList();
        return UnifiedDiffUtils.generateUnifiedDiff(
                "live " + workload.ref(), "preview " + workload.ref(), before, DiffUtils.diff(before, after), CONTEXT);
    }
}
