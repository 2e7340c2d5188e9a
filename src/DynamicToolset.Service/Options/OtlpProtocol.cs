namespace DynamicToolset.Service.Options;

/// <summary>How a collector is talked to.</summary>
public enum OtlpProtocol
{
    /// <summary>gRPC, over HTTP/2.</summary>
    Grpc,

    /// <summary>Protobuf in the body of a POST.</summary>
    HttpProtobuf,
}

/// <summary>Where spans, or metrics, are sent.</summary>
public enum OtelExporter
{
    /// <summary>To OTEL_EXPORTER_OTLP_ENDPOINT, where there is one.</summary>
    Otlp,

    /// <summary>Nowhere.</summary>
    None,
}
