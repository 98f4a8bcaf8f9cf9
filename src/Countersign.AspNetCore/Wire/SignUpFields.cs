using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Wire;

/// <summary>
/// The app's own fields of a sign-up: their names, and how they are read and checked. Names and converters are those of the app's JSON options, so that a
/// description of the app agrees with what is accepted. What is not accepted is this package's rule: no unknown member, none twice.
/// </summary>
/// <typeparam name="TFields">The app's record.</typeparam>
internal sealed class SignUpFields<TFields>
    where TFields : class
{
    private readonly JsonTypeInfo<TFields> _type;
    private readonly (FieldMember Member, IReadOnlyList<ValidationAttribute> Rules)[] _rules;
    private readonly ValidationAttribute[] _typeRules = [.. typeof(TFields).GetCustomAttributes<ValidationAttribute>(inherit: true)];

    /// <exception cref="InvalidOperationException">The record has fields that a sign-up can't have.</exception>
    public SignUpFields(IOptions<JsonOptions> app)
    {
        var options = new JsonSerializerOptions(app.Value.SerializerOptions)
        {
            AllowDuplicateProperties = false,
            AllowTrailingCommas = false,
            PropertyNameCaseInsensitive = false,
            ReadCommentHandling = JsonCommentHandling.Disallow,
            RespectNullableAnnotations = true,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        };
        _type = (JsonTypeInfo<TFields>)options.GetTypeInfo(typeof(TFields));
        Members = [.. _type.Properties.Where(static property => property.AssociatedParameter is not null || property.Set is not null)
            .Select(static property => new FieldMember(property))];
        _rules = [.. Members.Select(static member => (member, member.Rules)).Where(static one => one.Rules.Count > 0)];
        foreach (var member in Members)
        {
            ThrowIfUnfit(member, options);
        }
    }

    /// <summary>The members of a sign-up that are Countersign's.</summary>
    public static IReadOnlyList<BodyMember> OwnMembers { get; } = BodyMember.Of(typeof(RegisterRequest));

    /// <summary>The fields.</summary>
    public IReadOnlyList<FieldMember> Members { get; }

    /// <summary>Reads the record from a JSON object that has only members of it, and every required one.</summary>
    /// <returns>The record, or the problem.</returns>
    public (TFields? Fields, Problem? Problem) Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, _type) is { } fields ? (fields, null) : (null, BodyProblems.BodyMalformed);
        }
        catch (JsonException exception)
        {
            return (null, Members.FirstOrDefault(member => IsAt(exception.Path, member.Name)) is { } member
                ? BodyProblems.FieldMalformed(member.Name)
                : BodyProblems.BodyMalformed);
        }
    }

    /// <summary>Checks the record by the app's rules (<c>System.ComponentModel.DataAnnotations</c>).</summary>
    /// <returns>Null, or the problem with all faults.</returns>
    public Problem? Check(TFields fields, IServiceProvider services)
    {
        List<(string Member, string Message)> faults = [];
        foreach (var (member, rules) in _rules)
        {
            var value = member.Property.Get!(fields);
            var context = new ValidationContext(fields, member.Name, services, items: null) { MemberName = member.CodeName };
            var results = rules.Select(rule => rule.GetValidationResult(value, context)).OfType<ValidationResult>();
            faults.AddRange(results.Select(result => (member.Name, MessageOf(result))));
        }

        // As in the platform's Validator: rules of several fields are checked when each field is valid.
        if (faults.Count == 0)
        {
            var context = new ValidationContext(fields, typeof(TFields).Name, services, items: null);
            IEnumerable<ValidationResult?> results = _typeRules.Select(rule => rule.GetValidationResult(fields, context));
            results = fields is IValidatableObject own ? results.Concat(own.Validate(context)) : results;
            faults.AddRange(results.OfType<ValidationResult>().SelectMany(Describe));
        }

        return faults.Count == 0
            ? null
            : BodyProblems.FieldsInvalid(
                [
                    .. faults.GroupBy(static fault => fault.Member, StringComparer.Ordinal).Select(static same => new MemberFaults(
                        same.Key, [.. same.Select(static one => new MemberFault(ReasonCodes.MemberInvalid, one.Message))])),
                ]);
    }

    private IEnumerable<(string Member, string Message)> Describe(ValidationResult result)
    {
        // The app names properties of its code; a fault of the whole stands under the empty name.
        var names = result.MemberNames.Select(NameOf).DefaultIfEmpty(string.Empty);
        return names.Select(name => (name, MessageOf(result)));
    }

    private string NameOf(string codeName) =>
        Members.FirstOrDefault(member => string.Equals(member.CodeName, codeName, StringComparison.Ordinal))?.Name ?? string.Empty;

    private static string MessageOf(ValidationResult result) => result.ErrorMessage ?? "This value is not accepted.";

    private static bool IsAt(string? path, string name) =>
        path is not null
        && (string.Equals(path, "$." + name, StringComparison.Ordinal)
            || path.StartsWith($"$.{name}[", StringComparison.Ordinal)
            || path.StartsWith($"$['{name}']", StringComparison.Ordinal));

    private static void ThrowIfUnfit(FieldMember member, JsonSerializerOptions options)
    {
        var name = $"{typeof(TFields).Name}.{member.CodeName}";
        if (OwnMembers.Any(own => string.Equals(own.Name, member.Name, StringComparison.Ordinal)))
        {
            throw new InvalidOperationException($"{name} is called \"{member.Name}\", as a member of every sign-up. Give it another name.");
        }

        if (member.Property.Get is null)
        {
            throw new InvalidOperationException($"{name} can't be read, so its rules can't be checked. Give it a getter.");
        }

        var kind = options.GetTypeInfo(member.Property.PropertyType);
        var element = kind.Kind is JsonTypeInfoKind.Enumerable && kind.ElementType is { } type ? options.GetTypeInfo(type) : kind;
        if (element.Kind is not JsonTypeInfoKind.None)
        {
            throw new InvalidOperationException(
                $"{name} is an object. The fields of a sign-up are texts, numbers, Booleans, dates, enums or lists of these, because the rules of "
                + "System.ComponentModel.DataAnnotations are not checked inside of objects.");
        }
    }
}
