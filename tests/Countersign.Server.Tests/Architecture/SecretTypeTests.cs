using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Countersign.Sessions;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Keys;

namespace Countersign.Server.Tests.Architecture;

/// <summary>What holds a secret says nothing of it when it is printed: a log line, an exception or a debugger's window must not give it away.</summary>
public sealed partial class SecretTypeTests
{
    private const string Marker = "marker-of-a-secret-2f7c";

    private static readonly string[] Assemblies =
    [
        "Countersign.Tokens", "Countersign.Passwords", "Countersign.Sessions", "Countersign.Bearer", "Countersign.EntityFrameworkCore",
        "Countersign.AspNetCore", "Countersign.Mail", "countersign",
    ];

    private static readonly IReadOnlyList<Type> Holding =
    [
        .. Assemblies.Select(Assembly.Load).SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type is { IsInterface: false, IsEnum: false, ContainsGenericParameters: false }
                && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
                && !typeof(Delegate).IsAssignableFrom(type)
                && Fields(type).Any(IsSecret)),
    ];

    [Fact]
    public void Types_ThatHoldSecrets_AreFound()
    {
        // So that the tests below can't pass by looking at nothing.
        string[] names =
        [
            "LoginRequest", "RefreshRequest", "TokenResponse", "SessionTokens", "KeyOptions", "CountersignTokenOptions", "SignInAccount", "ClientTokenRequest",
            "IssuedToken",
        ];
        foreach (var name in names)
        {
            Assert.Contains(name, Holding.Select(static type => type.Name), StringComparer.Ordinal);
        }
    }

    [Fact]
    public void Types_ThatHoldSecrets_AreNoRecordsThatPrintThem() =>
        Assert.Equal([], Holding.Where(static type => PrintsItself(type)).Select(static type => type.FullName));

    [Fact]
    public void Types_ThatHoldSecrets_SayNothingOfThem()
    {
        List<string> telling = [];
        foreach (var type in Holding.Where(static type => !type.IsAbstract))
        {
            var instance = RuntimeHelpers.GetUninitializedObject(type);
            foreach (var field in Fields(type).Where(static field => IsSecret(field) && field.FieldType == typeof(string)))
            {
                field.SetValue(instance, Marker);
            }

            // Bytes print as nothing of theirs unless somebody turns them into text.
            foreach (var field in Fields(type).Where(static field => IsSecret(field) && field.FieldType != typeof(string)))
            {
                var bytes = System.Text.Encoding.ASCII.GetBytes(Marker);
                field.SetValue(
                    instance,
                    field.FieldType == typeof(byte[]) ? bytes
                        : field.FieldType == typeof(Memory<byte>) ? bytes.AsMemory()
                        : (object)new ReadOnlyMemory<byte>(bytes));
            }

            var printed = Print(instance);
            if (printed.Contains(Marker, StringComparison.Ordinal)
                || printed.Contains(Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Marker)), StringComparison.Ordinal))
            {
                telling.Add(type.FullName!);
            }
        }

        Assert.Equal([], telling);
    }

    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                yield return field;
            }
        }
    }

    /// <summary>Text and bytes whose name says that they are a secret; names of names, of kinds and of ways are not.</summary>
    private static bool IsSecret(FieldInfo field) =>
        (field.FieldType == typeof(string)
            || field.FieldType == typeof(byte[])
            || field.FieldType == typeof(ReadOnlyMemory<byte>)
            || field.FieldType == typeof(Memory<byte>))
        && (SecretName().IsMatch(field.Name) || field.DeclaringType == typeof(Tokens.IssuedToken))
        && !HarmlessName().IsMatch(field.Name);

    private static bool PrintsItself(Type type) =>
        type.GetMethod(nameof(ToString), BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly, []) is { } print
        && print.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static string Print(object instance)
    {
        try
        {
            return instance.ToString() ?? string.Empty;
        }
        catch (NullReferenceException)
        {
            // Nothing of it was set up, so there is nothing that it could print.
            return string.Empty;
        }
    }

    [GeneratedRegex("password|secret|token|privatekey|masterkey|wrappedkey|hash|salt|stamp", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SecretName();

    [GeneratedRegex(
        "(name|type|hint|endpoint|tokenid|id|path|uri|file|supported|methods|timestamp)>?(k__BackingField|P)?$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex HarmlessName();
}
