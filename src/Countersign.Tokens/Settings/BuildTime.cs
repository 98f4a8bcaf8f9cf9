using System.Reflection;

namespace Countersign.Tokens.Settings;

/// <summary>Whether a tool runs the app at build time, to write its OpenAPI document.</summary>
internal static class BuildTime
{
    /// <summary>The tool's assembly, by which apps are told to recognise it (the platform's page "Generate OpenAPI documents at build time").</summary>
    private const string Tool = "GetDocument.Insider";

    /// <summary>
    /// Whether the tool has started this process. It starts the app with all hosted services, but with a server that listens nowhere. There are no secrets and
    /// no database at build time, so nothing of Countersign runs at such a start, and no setting is checked. No request can come.
    /// </summary>
    public static bool IsDocumentTool { get; } = string.Equals(Assembly.GetEntryAssembly()?.GetName().Name, Tool, StringComparison.Ordinal);
}
