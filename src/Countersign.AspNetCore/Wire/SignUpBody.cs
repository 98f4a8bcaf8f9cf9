using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Countersign.AspNetCore.Wire.Requests;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Wire;

/// <summary>The body of a sign-up with fields of the app, or its problem. Reading never throws because of a client's data.</summary>
/// <typeparam name="TFields">The app's record.</typeparam>
internal sealed class SignUpBody<TFields> : IBindableFromHttpContext<SignUpBody<TFields>>, IEndpointParameterMetadataProvider
    where TFields : class
{
    private readonly RegisterRequest? _request;
    private readonly TFields? _fields;
    private readonly Problem? _refusal;

    private SignUpBody(RegisterRequest request, TFields fields) => (_request, _fields) = (request, fields);

    private SignUpBody(Problem problem) => _refusal = problem;

    /// <summary>Gets the body or the problem.</summary>
    public bool TryGet(
        [NotNullWhen(true)] out RegisterRequest? request, [NotNullWhen(true)] out TFields? fields, [NotNullWhen(false)] out Problem? problem)
    {
        (request, fields, problem) = (_request, _fields, _refusal);
        return problem is null && request is not null && fields is not null;
    }

    /// <inheritdoc />
    public static async ValueTask<SignUpBody<TFields>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var services = context.RequestServices;
        var fields = services.GetRequiredService<SignUpFields<TFields>>();
        return await BodyBytes.ParseAsync(
            context.Request,
            BodyForms.Json,
            isOptional: false,
            (body, _) => Parse(body, fields, services),
            static problem => new SignUpBody<TFields>(problem)).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        var fields = builder.ApplicationServices.GetRequiredService<SignUpFields<TFields>>();
        builder.Metadata.Add(new AcceptsMetadata([MediaTypes.Json], typeof(RegisterRequest<TFields>)));
        builder.AddProblems(
        [
            .. BodyProblems.OfBodies(SignUpFields<TFields>.OwnMembers, BodyForms.Json),
            .. fields.Members.Take(1).Select(static one => BodyProblems.FieldsInvalid([new MemberFaults(one.Name, [BodyProblems.FieldFault])])),
        ]);
    }

    private static SignUpBody<TFields> Parse(ReadOnlySpan<byte> body, SignUpFields<TFields> fields, IServiceProvider services)
    {
        var values = new BodyValues(SignUpFields<TFields>.OwnMembers);
        using var own = new FieldValues(fields.Members);
        if (JsonBody.Read(body, values, own) is { } unread)
        {
            return new SignUpBody<TFields>(unread);
        }

        List<string> missing = [.. values.Missing, .. own.Missing];
        if (missing.Count > 0)
        {
            return new SignUpBody<TFields>(BodyProblems.MembersMissing(missing));
        }

        var (read, problem) = fields.Read(own.Complete());
        problem ??= fields.Check(read!, services);
        return problem is null ? new SignUpBody<TFields>(RegisterRequest.Create(values), read!) : new SignUpBody<TFields>(problem);
    }
}
