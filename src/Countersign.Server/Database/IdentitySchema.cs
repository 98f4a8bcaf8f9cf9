using Microsoft.AspNetCore.Identity;

namespace Countersign.Server.Database;

/// <summary>The version of Identity's schema. Identity reads it from its options, at run time and when migrations are made.</summary>
internal static class IdentitySchema
{
    /// <summary>The newest version, with the table for passkeys, from the first migration on: a later change would rewrite the tables of accounts.</summary>
    public static void Configure(IdentityOptions options) => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
}
