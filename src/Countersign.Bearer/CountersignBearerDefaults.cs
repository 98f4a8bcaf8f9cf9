namespace Countersign.Bearer;

/// <summary>The names that ASP.NET Core uses for Countersign's bearer tokens.</summary>
public static class CountersignBearerDefaults
{
    /// <summary>The authentication scheme. A policy or an attribute names it to require one of Countersign's tokens.</summary>
    public const string AuthenticationScheme = "Countersign";
}
