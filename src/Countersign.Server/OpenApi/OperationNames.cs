using System.Globalization;

namespace Countersign.Server.OpenApi;

/// <summary>Names for operations whose routes have none.</summary>
internal static class OperationNames
{
    private static readonly char[] Separators = ['/', '.', '-', '_', '{', '}'];

    /// <summary>Makes a name from the method and the path: <c>getHealthLive</c>.</summary>
    public static string Derive(string method, string path) =>
        method.ToLowerInvariant() + string.Concat(path.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Select(Capitalise));

    private static string Capitalise(string word) => string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(word[0])}{word.AsSpan(1)}");
}
