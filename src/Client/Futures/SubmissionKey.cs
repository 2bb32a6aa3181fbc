using Cluster.Protocol.V1;

namespace Cluster.Client.Futures;

/// <summary>What tasks of one stream have in common: all that the job's spec says, large captured values included, and who gets the output.</summary>
internal sealed record SubmissionKey(JobSpec Spec, Action<OutputLine>? OnOutput, Type Item, Type Result);
