using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore.Wire;

/// <summary>A request's body, or the problem of a body that can't be used. Reading never throws because of a client's data.</summary>
/// <remarks>The app's own JSON options and validation do not apply: this package defines the format.</remarks>
/// <typeparam name="T">The type of the body.</typeparam>
internal sealed class Body<T> : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class, IRequestBody<T>
{
    private static readonly IReadOnlyList<BodyMember> Members = BodyMember.Of(typeof(T));

    private readonly T? _value;
    private readonly Problem? _refusal;

    private Body(T value) => _value = value;

    private Body(Problem problem) => _refusal = problem;

    /// <summary>Gets the body or the problem.</summary>
    public bool TryGet([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Problem? problem)
    {
        value = _value;
        problem = _refusal;
        return value is not null;
    }

    /// <inheritdoc />
    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        await BodyBytes.ParseAsync(context.Request, T.Forms, T.IsOptional, Parse, static problem => new Body<T>(problem)).ConfigureAwait(false);

    /// <inheritdoc />
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        List<string> contentTypes = [];
        if (T.Forms.HasFlag(BodyForms.Form))
        {
            contentTypes.Add(MediaTypes.Form);
        }

        if (T.Forms.HasFlag(BodyForms.Json))
        {
            contentTypes.Add(MediaTypes.Json);
        }

        builder.Metadata.Add(new AcceptsMetadata([.. contentTypes], typeof(T), T.IsOptional));
        builder.AddProblems(BodyProblems.OfBodies(Members, T.Forms));
    }

    private static Body<T> Parse(Span<byte> body, BodyForms form)
    {
        var values = new BodyValues(Members);
        if (body.IsEmpty && T.IsOptional)
        {
            return new Body<T>(T.Create(values));
        }

        var problem = form switch
        {
            BodyForms.Json => JsonBody.Read(body, values),
            BodyForms.Form => FormBody.Read(body, values),
            _ => BodyProblems.ContentTypeUnsupported,
        };
        return problem is null && values.TryComplete(out problem) ? new Body<T>(T.Create(values)) : new Body<T>(problem!);
    }
}
