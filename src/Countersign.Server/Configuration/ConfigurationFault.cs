namespace Countersign.Server.Configuration;

/// <summary>One fault of the configuration, with what to do. It never contains the value of a secret.</summary>
/// <param name="Source">The key or file of the value, as the operator wrote it.</param>
/// <param name="Problem">What is wrong: a phrase that follows the source, such as "is not a whole number".</param>
/// <param name="Remedy">What to do, as a whole sentence.</param>
internal sealed record ConfigurationFault(string Source, string Problem, string Remedy)
{
    /// <summary>Returns the line that a person reads.</summary>
    public override string ToString() => $"{Source} {Problem}. {Remedy}";
}
