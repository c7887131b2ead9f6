The libraries in lib, each with its licence. Their texts are beside this file; Apache-2.0 is in ../LICENSE.
Where a library offers several licences, it is used under any one of them. Notices of a library that has any are in its jar.

<#list dependencyMap as entry>
${entry.key.groupId}:${entry.key.artifactId}  <#list entry.value as license>${license}<#sep> or </#list>
</#list>
