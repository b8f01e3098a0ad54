import { context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { SpanOptions, Traceparent, Tracing } from '../../application/tracing';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER } as const;

/** Spans sent by OTLP over HTTP to where the OTEL_EXPORTER_OTLP_* settings say. Loaded only where there is such a place. */
export function startTracing(): Tracing & { stop(): Promise<void> } {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME ?? 'marketplace-service' }),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(), { scheduledDelayMillis: 1_000 })],
  });
  provider.register();
  const tracer = trace.getTracer('marketplace-service');
  return {
    inSpan: (name, options, work) => {
      const { kind, facts } = options;
      return tracer.startActiveSpan(name, { ...(kind && { kind: KINDS[kind] }), ...(facts && { attributes: facts }) }, contextOf(options), async (span) => {
        try {
          return await work();
        } catch (error) {
          span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
          throw error;
        } finally {
          span.end();
        }
      });
    },
    traceparent,
    stop: () => provider.shutdown(),
  };
}

/** What was sent along counts; where nothing was, the span under way. */
function contextOf({ parent }: SpanOptions): Context {
  return parent === undefined ? context.active() : propagation.extract(ROOT_CONTEXT, { traceparent: parent });
}

function traceparent(): Traceparent | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}
