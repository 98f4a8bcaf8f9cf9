namespace Countersign.Server.Configuration;

/// <summary>One thing that is wrong with the configuration, said so that its reader can mend it. It never holds a secret's value.</summary>
/// <param name="Source">The key or file that it came from, as the operator wrote it.</param>
/// <param name="Problem">What is wrong: a phrase that follows the source, such as "is not a whole number".</param>
/// <param name="Remedy">What to do: a whole sentence.</param>
internal sealed record ConfigurationFault(string Source, string Problem, string Remedy)
{
    /// <summary>The line that a person reads.</summary>
    public override string ToString() => $"{Source} {Problem}. {Remedy}";
}
